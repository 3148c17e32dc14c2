package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.quota.DecideQuotaRequest;
import dev.atrium.registry.api.quota.RequestDecision;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a request and a decision may say; the database checks the same. */
final class RequestRules {
    private static final int MAX_TEXT = 2_000;
    private static final Duration LONGEST_RAISE = Duration.ofDays(366);

    private RequestRules() {}

    static String reason(String reason) {
        return text("reason", reason);
    }

    static @Nullable String note(DecideQuotaRequest wish) {
        if (wish.note() == null || wish.note().isBlank()) {
            if (wish.decision() != RequestDecision.APPROVE) {
                throw new InvalidRequestException(
                        "'note' is missing; whoever asked is to know why it is not what they asked"
                                + " for");
            }
            return null;
        }
        return text("note", wish.note());
    }

    private static String text(String member, String text) {
        String stripped = text.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_TEXT || stripped.indexOf('\0') >= 0) {
            throw new InvalidRequestException(
                    "'"
                            + member
                            + "' must have 1 to "
                            + MAX_TEXT
                            + " characters, none of them NUL");
        }
        return stripped;
    }

    static int policyRevision(DecideQuotaRequest wish) {
        if (wish.policyRevision() == null) {
            throw new InvalidRequestException(
                    "'policyRevision' is missing; a raise needs the revision of the policy that was"
                            + " read");
        }
        return wish.policyRevision();
    }

    /**
     * @param asked the amount that was asked for
     */
    static long granted(DecideQuotaRequest wish, long asked) {
        if (wish.decision() == RequestDecision.TRIM) {
            if (wish.amount() == null || wish.amount() >= asked || wish.amount() < 0) {
                throw new InvalidRequestException(
                        "'amount' is "
                                + wish.amount()
                                + " but must be less than the "
                                + asked
                                + " asked for; to grant those, APPROVE");
            }
            return wish.amount();
        }
        nothing("amount", wish.amount(), wish.decision());
        return asked;
    }

    static @Nullable Instant until(DecideQuotaRequest wish, Instant now) {
        Instant until = wish.until();
        if (until != null && (!until.isAfter(now) || until.isAfter(now.plus(LONGEST_RAISE)))) {
            throw new InvalidRequestException(
                    "'until' is "
                            + until
                            + " but must be in the future, at most "
                            + LONGEST_RAISE.toDays()
                            + " days ahead");
        }
        return until;
    }

    static void grantsNothing(DecideQuotaRequest wish) {
        nothing("amount", wish.amount(), wish.decision());
        nothing("until", wish.until(), wish.decision());
    }

    private static void nothing(String member, @Nullable Object value, RequestDecision decision) {
        if (value != null) {
            throw new InvalidRequestException(
                    "'" + member + "' is " + value + ", which does not go with " + decision);
        }
    }
}
