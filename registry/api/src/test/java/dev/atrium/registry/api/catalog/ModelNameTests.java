package dev.atrium.registry.api.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ModelNameTests {
    @Test
    void travelsAsOneJsonString() {
        JsonMapper json = JsonMapper.builder().build();

        String text = json.writeValueAsString(ModelName.of("acme/fashion-v1.2"));

        assertThat(text).isEqualTo("\"acme/fashion-v1.2\"");
        assertThat(json.readValue(text, ModelName.class))
                .isEqualTo(new ModelName("acme", "fashion-v1.2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fashion",
                "acme/",
                "/fashion",
                "acme/a/b",
                "Acme/x",
                "acme/.x",
                "acme/infer",
                "versions/x",
                "acme/x y",
                "acme/<script>",
                "acme/..",
                "acme/x\n"
            })
    void refusesWhatIsNoFullName(String text) {
        assertThatThrownBy(() -> ModelName.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesMoreThan64Characters() {
        assertThat(ModelName.isValidPart("a".repeat(64))).isTrue();
        assertThat(ModelName.isValidPart("a".repeat(65))).isFalse();
    }
}
