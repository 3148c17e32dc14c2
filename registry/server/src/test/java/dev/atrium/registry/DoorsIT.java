package dev.atrium.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class DoorsIT extends RegistryTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void isReadyOnTheInternalPortOnly() throws Exception {
        HttpResponse<String> inside = get(internalBase() + "/actuator/health/readiness");
        HttpResponse<String> outside = get(publicBase() + "/actuator/health/readiness");

        assertThat(inside.statusCode()).isEqualTo(200);
        assertThat(outside.statusCode()).isEqualTo(404);
        assertThat(outside.body()).contains("\"code\":\"not_found\"");
    }

    private HttpResponse<String> get(String url) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
