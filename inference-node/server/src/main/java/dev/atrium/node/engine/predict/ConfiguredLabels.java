package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Labels of a Hugging Face folder: {@code id2label} in its {@code config.json}. */
final class ConfiguredLabels {
    private static final long MOST_BYTES = 4 << 20;
    private static final int MOST_LABELS = 10_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ConfiguredLabels() {}

    /** Empty where the folder names none. */
    static List<String> of(ModelSource source) {
        Optional<Path> config = source.file("config.json");
        if (config.isEmpty()) {
            return List.of();
        }
        try {
            if (Files.size(config.get()) > MOST_BYTES) {
                throw EngineException.failed("config.json is too large", null);
            }
            return labels(JSON.readTree(Files.readAllBytes(config.get())).path("id2label"));
        } catch (IOException | JacksonException e) {
            throw EngineException.failed("config.json cannot be read", e);
        }
    }

    private static List<String> labels(JsonNode names) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < Math.min(names.size(), MOST_LABELS); i++) {
            JsonNode name = names.path(Integer.toString(i));
            if (!name.isString()) {
                throw EngineException.failed(
                        "'id2label' in config.json has no text for " + i, null);
            }
            labels.add(name.stringValue());
        }
        return labels;
    }
}
