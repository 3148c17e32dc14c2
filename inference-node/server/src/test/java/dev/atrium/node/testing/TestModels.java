package dev.atrium.node.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Model files of the tests, and what they must answer. */
public final class TestModels {
    private static final Path DEMO = Path.of("../../standalone/src/main/resources/demo");
    private static final Path HOSTILE = Path.of("../../registry/server/src/test/resources/hostile");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TestModels() {}

    /** A file of this module's test resources. */
    public static byte[] read(String name) {
        try (InputStream stream = TestModels.class.getResourceAsStream("/models/" + name)) {
            if (stream == null) {
                throw new IllegalArgumentException("no test model " + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that the demonstration ships. */
    public static byte[] demo(String name) {
        return read(DEMO.resolve(name));
    }

    /**
     * A demonstration model with words in it that mean nothing to an engine.
     *
     * @param words ASCII, fewer than 128
     */
    public static byte[] documented(String onnx, String words) {
        byte[] model = demo(onnx);
        byte[] documented = Arrays.copyOf(model, model.length + 2 + words.length());
        // ModelProto.doc_string, field 6
        documented[model.length] = 0x32;
        documented[model.length + 1] = (byte) words.length();
        byte[] text = words.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, documented, model.length + 2, text.length);
        return documented;
    }

    /** A file that is no model, or means harm. */
    public static byte[] hostile(String name) {
        return read(HOSTILE.resolve(name));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Inputs and outputs of a demonstration model as its training script computed them. */
    public static JsonNode expected(String name) {
        return JSON.readTree(demo("expected.json")).get(name);
    }

    public static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(each -> numbers.add(each.asDouble()));
        return numbers;
    }
}
