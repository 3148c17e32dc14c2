package dev.atrium.registry.usage;

import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.usage.refusal.RefusedCalls;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which calls are wanted; null is all.
 *
 * @param outcome of a call that was opened
 * @param code of a call that was refused
 * @param kind whether both kinds are wanted, or one
 */
record CallFilter(
        @Nullable String principal,
        @Nullable String model,
        @Nullable Outcome outcome,
        @Nullable String code,
        @Nullable String label,
        Kind kind) {
    static final CallFilter NONE = new CallFilter(null, null, null, null, null, Kind.BOTH);

    private static final String REFUSED = "refused";

    /** Which logs it takes. */
    enum Kind {
        BOTH,
        OPENED,
        REFUSED
    }

    /**
     * @param outcome {@code refused}, or how a call ended that was not
     */
    static CallFilter of(
            @Nullable String principal,
            @Nullable String model,
            @Nullable String outcome,
            @Nullable String code,
            @Nullable String label) {
        boolean isRefused = REFUSED.equalsIgnoreCase(outcome);
        Outcome ended = outcome == null || outcome.isEmpty() || isRefused ? null : ended(outcome);
        if (code != null && ended != null) {
            throw new InvalidRequestException(
                    "'code' is of refused calls; leave 'outcome' out, or let it be 'refused'");
        }
        Kind kind =
                isRefused || code != null ? Kind.REFUSED : ended == null ? Kind.BOTH : Kind.OPENED;
        return new CallFilter(principal, model, ended, code, label, kind);
    }

    private static Outcome ended(String outcome) {
        return Arrays.stream(Outcome.values())
                .filter(each -> each.name().equals(outcome))
                .findFirst()
                .orElseThrow(() ->
                        new InvalidRequestException(
                                "'outcome' must be refused or one of "
                                        + Arrays.toString(Outcome.values())));
    }

    boolean wantsOpened() {
        return kind != Kind.REFUSED;
    }

    boolean wantsRefused() {
        return kind != Kind.OPENED;
    }

    @Nullable String outcomeName() {
        return outcome == null ? null : outcome.name();
    }

    RefusedCalls.Wanted refused() {
        return new RefusedCalls.Wanted(principal, model, code, label);
    }
}
