package dev.atrium.registry.quota.window;

import dev.atrium.registry.api.quota.PolicyId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds the window that an instant belongs to and begins it where nobody has. Works in the caller's
 * transaction of the platform.
 */
@Component
public class Windows {
    /** A policy with the window that it is about, if it has begun. */
    public record Found(CountedPolicy policy, @Nullable WindowSpan span, @Nullable Long slices) {
        public WindowKey key() {
            return new WindowKey(policy.id(), present().start());
        }

        /** Where it is known that there is one. */
        public WindowSpan present() {
            return Objects.requireNonNull(span);
        }

        /** Whether the window lasts until it is cut anew, not to a moment of the calendar. */
        public boolean isWithoutEnd() {
            return policy.spanAt(policy.createdAt()).end() == null;
        }

        /** Whether the policy has been changed so that another window must begin. */
        public boolean isCutOtherwise() {
            return present().end() == null && !Objects.equals(slices, policy.slices());
        }

        /** What may be held and used: the slices of a rate, else the amount. */
        public long limit() {
            return slices == null ? policy.amount() : slices;
        }
    }

    private final WindowStore store;

    Windows(WindowStore store) {
        this.store = store;
    }

    /** The window of the instant, begun now where it had not; empty for an unknown policy. */
    public Optional<Found> present(PolicyId policy, Instant now) {
        Instant instant = now.truncatedTo(ChronoUnit.MICROS);
        return store.ofLiving(policy, instant).map(found -> begun(found, instant));
    }

    /**
     * The window that a call of this instant is counted in, of a deleted policy too; not begun yet
     * where nobody has.
     */
    public Optional<Found> of(PolicyId policy, Instant at) {
        return store.ofAny(policy, at)
                .map(found ->
                        isPresent(found, at)
                                ? found
                                : new Found(found.policy(), next(found, at), null));
    }

    /** The window that begins at exactly this instant; empty where there is none. */
    public Optional<Found> exactly(PolicyId policy, Instant start) {
        return store.beginningAt(policy, start);
    }

    private static boolean isPresent(Found found, Instant now) {
        WindowSpan span = found.span();
        return span != null
                && (span.end() == null || now.isBefore(span.end()))
                && Objects.equals(found.slices(), found.policy().slices());
    }

    private Found begun(Found found, Instant now) {
        if (isPresent(found, now)) {
            return found;
        }
        WindowSpan former = found.span();
        if (former != null && former.end() == null && !store.end(found.key(), now)) {
            // Another registry has just begun the next one.
            return store.ofAny(found.policy().id(), now).orElse(found);
        }
        boolean recut = former != null && former.end() == null;
        WindowSpan span = recut ? new WindowSpan(now, null) : next(found, now);
        begin(found.policy(), span);
        return new Found(found.policy(), span, found.policy().slices());
    }

    /** A changed time zone moves the next boundary, not the one that ended the former window. */
    private static WindowSpan next(Found found, Instant at) {
        WindowSpan former = found.span();
        return found.policy().spanAt(at).notBefore(former == null ? null : former.end());
    }

    /** Nothing happens where another has begun it. */
    public void begin(CountedPolicy policy, WindowSpan span) {
        store.begin(policy, span);
    }

    public static OffsetDateTime atUtc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
