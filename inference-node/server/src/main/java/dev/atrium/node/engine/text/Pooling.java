package dev.atrium.node.engine.text;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** One vector per text out of a model's output. */
final class Pooling {
    private final boolean firstToken;
    private final boolean normalize;

    private Pooling(boolean firstToken, boolean normalize) {
        this.firstToken = firstToken;
        this.normalize = normalize;
    }

    static Pooling of(String kind, boolean normalize) {
        return switch (kind) {
            case "mean" -> new Pooling(false, normalize);
            case "cls" -> new Pooling(true, normalize);
            default ->
                    throw EngineException.failed(
                            "pooling '" + kind + "' is unknown; use mean or cls", null);
        };
    }

    /**
     * @param output {@code [rows, tokens, columns]}, or {@code [rows, columns]} pooled already
     * @param lengths tokens of each text; the rest is padding
     */
    float[][] vectors(Tensor output, int[] lengths) {
        long[] shape = output.shape();
        boolean pooled = shape.length == 2;
        if (output.datatype() != Datatype.FP32
                || (!pooled && shape.length != 3)
                || shape[0] < lengths.length) {
            throw EngineException.failed(
                    "output '"
                            + output.name()
                            + "' is no FP32 tensor of [texts, tokens, numbers] or [texts, numbers]",
                    null);
        }
        FloatBuffer values = output.data().slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        int columns = (int) shape[shape.length - 1];
        int tokens = pooled ? 1 : (int) shape[1];
        float[][] vectors = new float[lengths.length][columns];
        for (int row = 0; row < lengths.length; row++) {
            int counted = pooled || firstToken ? 1 : Math.min(tokens, lengths[row]);
            sum(values, row * tokens * columns, counted, vectors[row]);
            finish(vectors[row], counted);
        }
        return vectors;
    }

    private static void sum(FloatBuffer values, int offset, int tokens, float[] vector) {
        for (int token = 0; token < tokens; token++) {
            for (int column = 0; column < vector.length; column++) {
                vector[column] += values.get(offset + token * vector.length + column);
            }
        }
    }

    private void finish(float[] vector, int tokens) {
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= Math.max(1, tokens);
            square += (double) vector[i] * vector[i];
        }
        if (normalize && square > 0) {
            float length = (float) Math.sqrt(square);
            for (int i = 0; i < vector.length; i++) {
                vector[i] /= length;
            }
        }
    }
}
