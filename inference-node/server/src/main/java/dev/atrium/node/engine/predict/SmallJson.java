package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON file that lies beside a model. */
final class SmallJson {
    private static final long MOST_BYTES = 4 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SmallJson() {}

    /** Empty where the version has no such file. */
    static Optional<JsonNode> read(ModelSource source, String name) {
        Optional<Path> file = source.file(name);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (Files.size(file.get()) > MOST_BYTES) {
                throw EngineException.failed(name + " is too large", null);
            }
            return Optional.of(JSON.readTree(Files.readAllBytes(file.get())));
        } catch (IOException | JacksonException e) {
            throw EngineException.failed(name + " cannot be read", e);
        }
    }
}
