package dev.atrium.registry.api.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.usage.Media;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A correction or a credit, never edited; a wrong one is answered by another.
 *
 * @param statementDay the day whose statement it is on: the one that was open
 * @param callId the call it is about; null where it is about a model on a day
 * @param day UTC day of what it is about
 * @param approvedBy the platform admin who posted it
 * @param media pictures and sound; null where there are none
 */
public record Adjustment(
        UUID id,
        AdjustmentKind kind,
        LocalDate statementDay,
        @Nullable UUID callId,
        LocalDate day,
        ModelName model,
        long calls,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        @Nullable Cost cost,
        String reason,
        String approvedBy,
        Instant approvedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Media media) {
    public Figures figures() {
        return new Figures(
                calls,
                inputTokens,
                outputTokens,
                computeMicros,
                cost == null ? List.of() : List.of(cost),
                media);
    }
}
