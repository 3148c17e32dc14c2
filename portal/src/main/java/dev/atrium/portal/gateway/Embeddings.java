package dev.atrium.portal.gateway;

import java.time.Duration;
import java.util.List;

/**
 * Vectors of some texts.
 *
 * @param inputTokens what the call was charged for
 * @param took from sending to the whole answer
 */
public record Embeddings(
        List<double[]> vectors, long inputTokens, Duration took, String requestId) {

    /** Cosine of the angle between two of the vectors: 1 is the same direction. */
    public double similarity(int one, int other) {
        double[] a = vectors.get(one);
        double[] b = vectors.get(other);
        double dot = 0;
        double lengthA = 0;
        double lengthB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            lengthA += a[i] * a[i];
            lengthB += b[i] * b[i];
        }
        double lengths = Math.sqrt(lengthA) * Math.sqrt(lengthB);
        return lengths == 0 ? 0 : dot / lengths;
    }
}
