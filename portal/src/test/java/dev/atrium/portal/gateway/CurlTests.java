package dev.atrium.portal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.Visibility;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CurlTests {
    @Test
    void suitsTheModelsTask() {
        assertThat(Curl.example("https://api", "k", model(Task.TEXT_EMBEDDING)))
                .contains("https://api/v1/embeddings", "\"model\": \"acme/m\"");
        assertThat(Curl.example("https://api", "k", model(Task.TEXT_GENERATION)))
                .contains("https://api/v1/chat/completions");
        assertThat(Curl.example("https://api", "k", model(Task.TENSORS)))
                .contains("https://api/v2/models/acme/m");
        assertThat(Curl.example("https://api", "k", model(Task.IMAGE_CLASSIFICATION)))
                .startsWith("curl -T cat.png https://api/v1/predict/acme/m");
        assertThat(Curl.example("https://api", "k", model(Task.AUTOMATIC_SPEECH_RECOGNITION)))
                .startsWith("curl -T recording.wav https://api/v1/predict/acme/m");
        assertThat(Curl.example("https://api", "k", model(Task.TEXT_CLASSIFICATION)))
                .contains("Content-Type: text/plain", "--data-raw 'What a lovely day'");
        assertThat(Curl.example("https://api", "k", model(Task.TABULAR)))
                .contains("https://api/v1/predict/acme/m", "@rows.json");
        assertThat(Curl.example("https://api", "k", null)).contains("https://api/v1/models");
    }

    @Test
    void letsTheShellReplaceTheKeyButNothingInTheBody() {
        String curl = Curl.post("https://api/v1/x", Curl.KEY_VARIABLE, "{\"a\": \"$HOME it's\"}");

        assertThat(curl)
                .contains("\"Authorization: Bearer $ATRIUM_API_KEY\"")
                .contains("-d '{\"a\": \"$HOME it'\\''s\"}'");
    }

    @Test
    void computesTheCosineOfTwoVectors() {
        Embeddings answer =
                new Embeddings(
                        List.of(
                                new double[] {1, 0},
                                new double[] {3, 0},
                                new double[] {0, 2},
                                new double[] {0, 0}),
                        1,
                        Duration.ZERO,
                        "");

        assertThat(answer.similarity(0, 1)).isEqualTo(1);
        assertThat(answer.similarity(0, 2)).isZero();
        assertThat(answer.similarity(0, 3)).isZero();
    }

    private static Model model(Task task) {
        return new Model(
                new ModelId(UUID.randomUUID()),
                new ModelName("acme", "m"),
                task,
                Visibility.PRIVATE,
                List.of(),
                null,
                Map.of(),
                1,
                true,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
