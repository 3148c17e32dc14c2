package dev.atrium.registry.api.quota;

import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import org.jspecify.annotations.Nullable;

/** What a policy counts. */
public enum Unit {
    /** Calls that reached a node. */
    REQUESTS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    /** Input and output tokens together. */
    TOKENS,
    /** Time of the engine, each call rounded up to the next millisecond. */
    COMPUTE_MILLIS,
    /** Calls at the same time. */
    CONCURRENCY,
    /** What calls cost, in millionths of the policy's currency. */
    COST_MICROS,
    /** What is kept in the registry now: no call counts, and gateways never hear of it. */
    STORED_BYTES,
    /** Pictures that were computed. */
    IMAGES,
    /** Length of the sound that was computed, each call rounded up to the next millisecond. */
    AUDIO_MILLIS;

    /**
     * What a call used of this unit.
     *
     * @param price null where there is none, so that the call costs nothing
     */
    public long used(Consumption call, @Nullable Price price) {
        return switch (this) {
            case REQUESTS -> call.requests();
            case INPUT_TOKENS -> call.inputTokens();
            case OUTPUT_TOKENS -> call.outputTokens();
            case TOKENS -> Math.addExact(call.inputTokens(), call.outputTokens());
            case COMPUTE_MILLIS -> call.computeMillis();
            case CONCURRENCY, STORED_BYTES -> 0;
            case IMAGES -> call.images();
            case AUDIO_MILLIS -> call.audioMillis();
            case COST_MICROS -> price == null ? 0 : price.costMicros(call);
        };
    }
}
