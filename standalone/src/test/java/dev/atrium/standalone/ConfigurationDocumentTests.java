package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/configuration.md lists every property that a service reads, as its build describes them. */
class ConfigurationDocumentTests {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String METADATA =
            "target/classes/META-INF/spring-configuration-metadata.json";

    @ParameterizedTest
    @ValueSource(strings = {"registry/server", "gateway", "inference-node/server", "portal"})
    void everyPropertyIsDocumented(String module) throws IOException {
        String document = Files.readString(HOME.resolve("docs/configuration.md"));
        JsonNode metadata =
                JsonMapper.builder()
                        .build()
                        .readTree(HOME.resolve(module).resolve(METADATA).toFile());

        assertThat(metadata.get("properties"))
                .isNotEmpty()
                .allSatisfy(property ->
                        assertThat(document)
                                .contains("| `" + property.get("name").asString() + "` |"));
    }
}
