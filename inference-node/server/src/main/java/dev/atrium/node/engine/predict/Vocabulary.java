package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tokens of a Hugging Face folder: {@code vocab.json}, each with its index. */
final class Vocabulary {
    private static final String FILE = "vocab.json";
    private static final int MOST_TOKENS = 100_000;

    private Vocabulary() {}

    static List<String> of(ModelSource source) {
        JsonNode tokens =
                SmallJson.read(source, FILE)
                        .orElseThrow(() ->
                                EngineException.failed(
                                        "speech recognition needs 'settings.ctc.vocabulary' or "
                                                + FILE,
                                        null));
        if (!tokens.isObject() || tokens.isEmpty() || tokens.size() > MOST_TOKENS) {
            throw EngineException.failed(
                    FILE + " must be an object of 1 to " + MOST_TOKENS + " tokens", null);
        }
        @Nullable String[] ordered = new @Nullable String[tokens.size()];
        for (Map.Entry<String, JsonNode> token : tokens.properties()) {
            int index = token.getValue().isInt() ? token.getValue().intValue() : -1;
            if (index < 0 || index >= ordered.length || ordered[index] != null) {
                throw EngineException.failed(
                        FILE + " must give each token an index of its own, from 0 on", null);
            }
            ordered[index] = token.getKey();
        }
        return Arrays.stream(ordered).map(String::valueOf).toList();
    }
}
