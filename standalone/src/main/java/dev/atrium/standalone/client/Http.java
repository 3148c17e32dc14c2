package dev.atrium.standalone.client;

import dev.atrium.registry.api.error.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** One HTTP client for all; sends, and turns what went wrong into exceptions. */
final class Http {
    static final ObjectMapper JSON = JsonMapper.builder().build();
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    private Http() {}

    static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return CLIENT.send(request, body);
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri() + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * @throws ApiFailure for any answer that is not 2xx
     */
    static HttpResponse<String> sendChecked(HttpRequest request) {
        HttpResponse<String> answer = send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new ApiFailure(
                    request.method() + " " + request.uri().getPath(),
                    answer.statusCode(),
                    answer.body(),
                    problem(answer.body()));
        }
        return answer;
    }

    private static @Nullable Problem problem(String body) {
        try {
            return JSON.readValue(body, Problem.class);
        } catch (JacksonException noProblemBody) {
            return null;
        }
    }
}
