package dev.atrium.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the node and the bare engine both compute. */
final class NodeModels {
    static final float[] FEATURES = {5.1f, 3.5f, 1.4f, 0.2f};

    /** Eight, of nearly the same length: padding is nobody's gain. */
    static final List<String> SENTENCES =
            List.of(
                    "The invoice for last month has not been paid by the customer yet.",
                    "A small dog runs across the street while the children play ball.",
                    "Our new warehouse in the north will open at the end of the year.",
                    "The doctor asked her to take the medicine twice a day with water.",
                    "Heavy rain is expected tonight along the coast and in the hills.",
                    "He forgot the keys on the kitchen table and had to go back home.",
                    "The committee will vote on the new rules for data next Thursday.",
                    "Fresh bread is sold every morning at the market near the station.");

    private NodeModels() {}

    static byte[] mlp() throws IOException {
        return Files.readAllBytes(Path.of("standalone/src/main/resources/demo/iris.onnx"));
    }

    static byte[] miniLm() throws IOException {
        return resource("/all-minilm-l6-v2.onnx");
    }

    static byte[] tokenizer() throws IOException {
        return resource("/all-minilm-l6-v2-tokenizer.json");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = NodeModels.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException(name + " is missing");
            }
            return stream.readAllBytes();
        }
    }
}
