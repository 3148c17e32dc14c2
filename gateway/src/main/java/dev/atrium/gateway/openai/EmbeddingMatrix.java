package dev.atrium.gateway.openai;

import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.web.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The node's answer: rows of little-endian IEEE-754 float32. Base64 of a row is exactly what OpenAI
 * clients ask for, so those rows are never decoded.
 */
record EmbeddingMatrix(Shape shape, byte[] content) {
    EmbeddingMatrix {
        if (content.length != shape.bytes()) {
            throw new NodeFailure.Invalid("a matrix of an unexpected length");
        }
    }

    record Shape(int rows, int columns) {
        /** Reads {@code rows,columns}. */
        static Shape parse(@Nullable String text) {
            String[] parts = text == null ? new String[0] : text.split(",");
            try {
                if (parts.length == 2) {
                    int rows = Integer.parseInt(parts[0].strip());
                    int columns = Integer.parseInt(parts[1].strip());
                    if (rows > 0 && columns > 0) {
                        return new Shape(rows, columns);
                    }
                }
            } catch (NumberFormatException e) {
                throw new NodeFailure.Invalid("a matrix of no shape");
            }
            throw new NodeFailure.Invalid("a matrix of no shape");
        }

        long bytes() {
            return (long) rows * columns * Float.BYTES;
        }
    }

    int values() {
        return shape.rows() * shape.columns();
    }

    /** The complete answer to the client. */
    byte[] document(String model, boolean asBase64, long tokens) {
        StringBuilder json = new StringBuilder(asBase64 ? content.length * 3 / 2 : values() * 12);
        json.append("{\"object\":\"list\",\"data\":[");
        for (int row = 0; row < shape.rows(); row++) {
            json.append(row == 0 ? "" : ",")
                    .append("{\"object\":\"embedding\",\"index\":")
                    .append(row)
                    .append(",\"embedding\":");
            if (asBase64) {
                appendBase64(json, row);
            } else {
                appendNumbers(json, row);
            }
            json.append('}');
        }
        json.append("],\"model\":")
                .append(Json.quote(model))
                .append(",\"usage\":{\"prompt_tokens\":")
                .append(tokens)
                .append(",\"total_tokens\":")
                .append(tokens)
                .append("}}");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void appendBase64(StringBuilder json, int row) {
        int length = shape.columns() * Float.BYTES;
        byte[] encoded =
                Base64.getEncoder()
                        .encode(ByteBuffer.wrap(content, row * length, length).slice())
                        .array();
        json.append('"').append(new String(encoded, StandardCharsets.ISO_8859_1)).append('"');
    }

    private void appendNumbers(StringBuilder json, int row) {
        ByteBuffer values = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        json.append('[');
        for (int column = 0; column < shape.columns(); column++) {
            float value = values.getFloat((row * shape.columns() + column) * Float.BYTES);
            if (!Float.isFinite(value)) {
                // JSON has no word for it, and a client could not tell what it means.
                throw new NodeFailure.Invalid("an embedding that is not a number");
            }
            json.append(column == 0 ? "" : ",").append(value);
        }
        json.append(']');
    }
}
