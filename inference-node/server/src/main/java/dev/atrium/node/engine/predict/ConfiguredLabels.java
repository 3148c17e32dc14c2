package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Labels of a Hugging Face folder: {@code id2label} in its {@code config.json}. */
final class ConfiguredLabels {
    private static final int MOST_LABELS = 10_000;

    private ConfiguredLabels() {}

    /** Empty where the folder names none. */
    static List<String> of(ModelSource source) {
        return SmallJson.read(source, "config.json")
                .map(config -> labels(config.path("id2label")))
                .orElse(List.of());
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
