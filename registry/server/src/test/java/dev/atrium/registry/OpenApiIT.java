package dev.atrium.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiIT extends RegistryTest {
    @Test
    void describesTheManagementApiToAnybody() {
        Answer answer = http().get("/api/v1/openapi");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode document = answer.json();
        assertThat(document.path("openapi").asString()).startsWith("3.1");
        assertThat(document.path("servers").path(0).path("url").asString()).isEqualTo(PUBLIC_URL);
        assertThat(document.path("paths").propertyNames())
                .contains("/api/v1/me", "/api/v1/members/{userId}", "/api/v1/api-keys")
                .allMatch(path -> path.startsWith("/api/v1/"));
    }

    @Test
    void saysWhatAnOperationNeedsTakesAndAnswers() {
        JsonNode paths = http().get("/api/v1/openapi").json().path("paths");

        JsonNode list = paths.path("/api/v1/members").path("get");
        JsonNode create = paths.path("/api/v1/api-keys").path("post");

        assertThat(list.path("x-required-scope").asString()).isEqualTo("models:read");
        assertThat(list.path("parameters").findValuesAsString("name"))
                .containsExactlyInAnyOrder("limit", "cursor");
        assertThat(create.path("responses").propertyNames()).contains("201", "default");
        assertThat(create.path("requestBody").path("required").asBoolean()).isTrue();
    }
}
