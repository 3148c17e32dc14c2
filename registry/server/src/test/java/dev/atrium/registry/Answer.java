package dev.atrium.registry;

import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of the registry as tests look at it. */
public record Answer(int status, HttpResponse<String> response) {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    public String text() {
        return response.body();
    }

    public JsonNode json() {
        return JSON.readTree(response.body());
    }

    public <T> T as(Class<T> type) {
        return JSON.readValue(response.body(), type);
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    public String code() {
        return json().path("code").asString();
    }
}
