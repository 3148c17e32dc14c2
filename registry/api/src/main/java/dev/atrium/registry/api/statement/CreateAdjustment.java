package dev.atrium.registry.api.statement;

import dev.atrium.registry.api.catalog.ModelName;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Either {@code callId} or both {@code day} and {@code model} say what it is about. An amount that
 * is absent is 0; one of them must not be.
 *
 * @param callId a call of the tenant's ledger
 * @param day a UTC day that has begun
 * @param costMicros millionths of {@code currency}; both or neither
 * @param currency ISO 4217
 */
public record CreateAdjustment(
        AdjustmentKind kind,
        @Nullable UUID callId,
        @Nullable LocalDate day,
        @Nullable ModelName model,
        @Nullable Long calls,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Long computeMicros,
        @Nullable Long images,
        @Nullable Long audioMillis,
        @Nullable Long costMicros,
        @Nullable String currency,
        String reason) {}
