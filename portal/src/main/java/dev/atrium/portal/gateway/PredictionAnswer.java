package dev.atrium.portal.gateway;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a prediction answered: labels or values of each row; what is no table has one.
 *
 * @param text of speech; null elsewhere
 * @param inputTokens of texts; 0 elsewhere
 */
public record PredictionAnswer(
        List<List<Scored>> labels,
        List<List<String>> values,
        @Nullable String text,
        long inputTokens,
        Duration took,
        String requestId) {
    public record Scored(String label, double score) {}
}
