package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import org.jspecify.annotations.Nullable;

/**
 * The limit that refused a call, as it stood at that moment in the gateway that asked it.
 *
 * @param policyId null for the requests per minute of the caller's own key or token
 * @param name of the policy; null without one
 * @param currency of {@link Unit#COST_MICROS}; null for every other unit
 * @param limit the amount
 * @param used charged in the window; null where that is not counted
 * @param reserved for calls that ran; null where that is not counted
 * @param left what the gateway could still give; null where that is not known
 * @param needed what the call would have had to take at least; null where that is not known
 */
public record RefusingLimit(
        @Nullable PolicyId policyId,
        @Nullable String name,
        Unit unit,
        Window window,
        @Nullable String currency,
        long limit,
        @Nullable Long used,
        @Nullable Long reserved,
        @Nullable Long left,
        @Nullable Long needed) {
    /** The requests per minute of a key or token, without a policy. */
    public static RefusingLimit ofCaller(long perMinute) {
        return new RefusingLimit(
                null, null, Unit.REQUESTS, Window.MINUTE, null, perMinute, null, null, 0L, 1L);
    }
}
