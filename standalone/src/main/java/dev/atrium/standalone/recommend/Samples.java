package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.catalog.ColumnSettings;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import tools.jackson.databind.json.JsonMapper;

/** Requests for a version: those of a file, or ones made up from what the version says it takes. */
final class Samples {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int COUNT = 16;
    private static final int FREE_DIMENSION = 2;
    private static final int MOST_NUMBERS = 4 << 20;
    private static final String APPLICATION_JSON = "application/json";
    private static final String[] WORDS =
            "a cat sleeps on the warm mat while rain falls over the quiet old harbour town"
                    .split(" ");

    /** The same figures each time it is asked. */
    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);

    private final ModelVersion version;
    private final Task task;

    Samples(ModelVersion version, Task task) {
        this.version = version;
        this.task = task;
    }

    /**
     * @param file of the caller: a line of JSON for each request; for pictures and recordings the
     *     file itself
     * @throws IllegalArgumentException when the file has no request
     */
    List<Sample> read(Path file) throws IOException {
        if (isFile()) {
            return List.of(
                    new Sample(path(), "application/octet-stream", Files.readAllBytes(file)));
        }
        List<Sample> samples =
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank())
                        .map(line -> line.getBytes(StandardCharsets.UTF_8))
                        .map(body -> new Sample(path(), contentType(), body))
                        .toList();
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(file + " has no request");
        }
        return samples;
    }

    /**
     * @throws IllegalArgumentException when the version does not say enough
     */
    List<Sample> make() {
        return IntStream.range(0, COUNT)
                .mapToObj(i -> new Sample(path(), contentType(), body(i)))
                .toList();
    }

    private boolean isFile() {
        return switch (task) {
            case IMAGE_CLASSIFICATION, AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION -> true;
            case TENSORS, TEXT_EMBEDDING, TEXT_GENERATION, TEXT_CLASSIFICATION, TABULAR -> false;
        };
    }

    private String path() {
        String model = version.model().toString();
        return switch (task) {
            case TENSORS -> "/v2/models/" + model + "/versions/" + version.number() + "/infer";
            case TEXT_EMBEDDING -> "/v1/embeddings";
            case TEXT_GENERATION -> "/v1/chat/completions";
            default -> "/v1/predict/" + model + "/versions/" + version.number();
        };
    }

    private String contentType() {
        return switch (task) {
            case TEXT_CLASSIFICATION -> "text/plain";
            case IMAGE_CLASSIFICATION -> "image/png";
            default -> APPLICATION_JSON;
        };
    }

    private byte[] body(int number) {
        return switch (task) {
            case TENSORS -> json(Map.of("inputs", tensors()));
            case TEXT_EMBEDDING ->
                    json(Map.of("model", version.model().toString(), "input", sentence(number)));
            case TEXT_GENERATION ->
                    json(
                            Map.of(
                                    "model",
                                    version.model().toString(),
                                    "max_tokens",
                                    16,
                                    "messages",
                                    List.of(Map.of("role", "user", "content", sentence(number)))));
            case TEXT_CLASSIFICATION -> sentence(number).getBytes(StandardCharsets.UTF_8);
            case TABULAR -> json(List.of(row()));
            case IMAGE_CLASSIFICATION -> picture();
            case AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION ->
                    throw new IllegalArgumentException(
                            "a recording is needed: name one with --requests");
        };
    }

    private static byte[] json(Object body) {
        return JSON.writeValueAsBytes(body);
    }

    /** Of five to twenty words. */
    private String sentence(int number) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 5 + number % 16; i++) {
            words.add(WORDS[random.nextInt(WORDS.length)]);
        }
        return String.join(" ", words);
    }

    private List<Object> row() {
        List<ColumnSettings> columns = version.settings().columns();
        if (columns == null) {
            throw new IllegalArgumentException("the version does not say its columns");
        }
        List<Object> row = new ArrayList<>();
        for (ColumnSettings column : columns) {
            List<String> categories = column.categories();
            row.add(
                    categories == null
                            ? (Object) random.nextDouble()
                            : categories.get(random.nextInt(categories.size())));
        }
        return row;
    }

    private byte[] picture() {
        BufferedImage image = new BufferedImage(224, 224, BufferedImage.TYPE_3BYTE_BGR);
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", file);
        } catch (IOException e) {
            throw new IllegalStateException("a picture cannot be made", e);
        }
        return file.toByteArray();
    }

    private List<Object> tensors() {
        List<TensorSpec> inputs = version.signature().inputs();
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "the version does not say what it takes: name requests with --requests");
        }
        return inputs.stream().map(this::tensor).toList();
    }

    private Object tensor(TensorSpec spec) {
        List<Long> shape = new ArrayList<>();
        for (long dimension : spec.shape()) {
            shape.add(dimension >= 0 ? dimension : shape.isEmpty() ? 1 : FREE_DIMENSION);
        }
        long count = shape.stream().reduce(1L, Math::multiplyExact);
        if (count > MOST_NUMBERS) {
            throw new IllegalArgumentException(
                    "input '" + spec.name() + "' is too large to make up");
        }
        List<Object> data =
                IntStream.range(0, (int) count).mapToObj(i -> number(spec.datatype())).toList();
        return Map.of(
                "name", spec.name(), "datatype", spec.datatype(), "shape", shape, "data", data);
    }

    private Object number(String datatype) {
        return switch (datatype) {
            case "BOOL" -> random.nextBoolean();
            case "BYTES" -> "text";
            case "FP16", "BF16", "FP32", "FP64" -> random.nextFloat();
            default -> random.nextInt(2);
        };
    }
}
