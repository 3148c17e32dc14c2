package dev.atrium.gateway.call;

import dev.atrium.gateway.quota.Decision;
import dev.atrium.gateway.quota.Standing;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.RefusingLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The words of a policy that refuses a call. */
final class LimitRefusal {
    private static final Duration SOON = Duration.ofSeconds(1);

    private LimitRefusal() {}

    static Refusal of(Decision.Refused refused) {
        return words(refused).by(limit(refused.standing(), refused.needed()));
    }

    private static Refusal words(Decision.Refused refused) {
        Standing standing = refused.standing();
        String figures =
                standing.policy().window().isRate()
                        ? ""
                        : ": "
                                + standing.used()
                                + " used, "
                                + standing.reserved()
                                + " reserved by calls that run, "
                                + standing.left()
                                + " left";
        return switch (refused.why()) {
            case SPENT ->
                    Refusal.limited(
                            Refusal.Reason.QUOTA_EXHAUSTED,
                            policy(standing)
                                    + " does not allow this call, which needs "
                                    + refused.needed()
                                    + figures,
                            refused.retryAfter());
            case RESERVED ->
                    Refusal.limited(
                            Refusal.Reason.RATE_LIMITED,
                            policy(standing)
                                    + " has not enough left for this call, which needs "
                                    + refused.needed()
                                    + figures
                                    + "; try again when they have ended",
                            refused.retryAfter());
            case RATE, LEVEL ->
                    Refusal.limited(
                            Refusal.Reason.RATE_LIMITED,
                            policy(standing) + " is reached" + figures,
                            refused.retryAfter());
        };
    }

    static Refusal of(Decision.Unreachable unreachable) {
        return Refusal.retryable(
                        Refusal.Reason.UNAVAILABLE,
                        policy(unreachable.standing())
                                + " cannot be checked at the moment; try again",
                        SOON)
                .by(limit(unreachable.standing(), null));
    }

    static Refusal of(Decision.Unpriced unpriced) {
        return Refusal.about(
                        Refusal.Reason.PRICE_MISSING,
                        policy(unpriced.standing())
                                + " applies, but the model has no price in that currency; ask an"
                                + " admin of the platform for one, or call another model",
                        "model")
                .by(limit(unpriced.standing(), null));
    }

    /** The same for the call log; a rate counts no use. */
    private static RefusingLimit limit(Standing standing, @Nullable Long needed) {
        FeedPolicy policy = standing.policy();
        boolean counts = standing.isKnown() && !policy.window().isRate();
        return new RefusingLimit(
                policy.id(),
                policy.name(),
                policy.unit(),
                policy.window(),
                policy.currency(),
                standing.limit(),
                counts ? standing.used() : null,
                counts ? standing.reserved() : null,
                standing.isKnown() ? standing.left() : null,
                needed);
    }

    private static String policy(Standing standing) {
        return "the limit '"
                + standing.policy().name()
                + "' of "
                + standing.limit()
                + " "
                + unit(standing.policy())
                + per(standing.policy().window());
    }

    private static String unit(FeedPolicy policy) {
        return switch (policy.unit()) {
            case REQUESTS -> "requests";
            case INPUT_TOKENS -> "input tokens";
            case OUTPUT_TOKENS -> "output tokens";
            case TOKENS -> "tokens";
            case COMPUTE_MILLIS -> "milliseconds of compute time";
            case CONCURRENCY -> "calls at the same time";
            case COST_MICROS -> "millionths of " + policy.currency();
            case STORED_BYTES -> "stored bytes";
            case IMAGES -> "images";
            case AUDIO_MILLIS -> "milliseconds of audio";
        };
    }

    private static String per(Window window) {
        return switch (window) {
            case NONE -> "";
            case SECOND -> " per second";
            case MINUTE -> " per minute";
            case HOUR -> " per hour";
            case DAY -> " per day";
            case MONTH -> " per month";
            case LIFETIME -> " in all";
        };
    }
}
