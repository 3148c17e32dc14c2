package dev.atrium.portal.registry;

import dev.atrium.portal.address.Addresses;
import dev.atrium.registry.api.error.Problem;
import dev.atrium.registry.api.paging.Page;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One exchange with the management API: adds the user's token and a request id, renews the token
 * once when it is refused, and turns everything but success into an exception.
 */
@Component
class RegistryHttp {
    private static final String REQUEST_ID = "X-Request-Id";

    /** The most rows that the registry answers at once. */
    static final int LARGEST_PAGE = 200;

    private static final String JSON = "application/json";
    private static final String BYTES = "application/octet-stream";

    private final HttpClient client;
    private final JsonMapper json = JsonMapper.builder().build();
    private final String base;
    private final BearerTokens tokens;
    private final RegistryProperties properties;

    RegistryHttp(Addresses addresses, BearerTokens tokens, RegistryProperties properties) {
        this.base = addresses.registry() + "/api/v1";
        this.tokens = tokens;
        this.properties = properties;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(properties.connectTimeout())
                        .build();
    }

    <T> T get(String path, TypeReference<T> type) {
        return read(send("GET", path, null), type);
    }

    /** Every row of a list, in as few answers as possible. */
    <T> List<T> all(String path, TypeReference<Page<T>> type) {
        List<T> all = new ArrayList<>();
        String cursor = null;
        do {
            Query query = Query.of(path).with("limit", LARGEST_PAGE).with("cursor", cursor);
            Page<T> page = get(query.toString(), type);
            all.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        return all;
    }

    <T> T send(String method, String path, @Nullable Object body, TypeReference<T> type) {
        return read(send(method, path, body), type);
    }

    Answer send(String method, String path, @Nullable Object body) {
        return send(method, path, body, properties.readTimeout());
    }

    /** For work that takes the registry a while, such as looking into a large file. */
    <T> T sendPatiently(String method, String path, @Nullable Object body, TypeReference<T> type) {
        return read(send(method, path, body, properties.uploadTimeout()), type);
    }

    private Answer send(String method, String path, @Nullable Object body, Duration patience) {
        byte[] bytes = body == null ? new byte[0] : json.writeValueAsBytes(body);
        Supplier<BodyPublisher> publisher =
                () -> body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes);
        Answer first = exchange(method, path, publisher.get(), JSON, tokens.current(), patience);
        Answer answer =
                first.status() == 401
                        ? exchange(method, path, publisher.get(), JSON, tokens.renewed(), patience)
                        : first;
        return successful(answer);
    }

    /** Sends bytes as they come; nothing is kept, so a refused token cannot be tried again. */
    <T> T stream(String path, InputStream content, long length, TypeReference<T> type) {
        BodyPublisher chunks = BodyPublishers.ofInputStream(() -> content);
        BodyPublisher body = length > 0 ? BodyPublishers.fromPublisher(chunks, length) : chunks;
        Duration patience = properties.uploadTimeout();
        return read(
                successful(exchange("PUT", path, body, BYTES, tokens.current(), patience)), type);
    }

    private Answer exchange(
            String method,
            String path,
            BodyPublisher body,
            String contentType,
            String token,
            Duration timeout) {
        String requestId = UUID.randomUUID().toString();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(timeout)
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", "application/json, application/problem+json")
                        .header("Content-Type", contentType)
                        .header(REQUEST_ID, requestId)
                        .method(method, body)
                        .build();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            String echoed = response.headers().firstValue(REQUEST_ID).orElse(requestId);
            return new Answer(response.statusCode(), response.body(), echoed);
        } catch (IOException e) {
            throw new RegistryUnreachableException(requestId, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnreachableException(requestId, e);
        }
    }

    private Answer successful(Answer answer) {
        if (answer.status() / 100 == 2) {
            return answer;
        }
        if (answer.status() == 401) {
            throw new SignInRequiredException("the registry refused a fresh token");
        }
        throw new RegistryException(problem(answer));
    }

    private Problem problem(Answer answer) {
        try {
            JsonNode body = json.readTree(answer.body());
            if (body.isObject() && body.path("status").isInt()) {
                Problem problem = json.treeToValue(body, Problem.class);
                return problem.requestId() != null ? problem : withId(problem, answer.requestId());
            }
        } catch (JacksonException e) {
            return bare(answer);
        }
        return bare(answer);
    }

    private static Problem bare(Answer answer) {
        return withId(
                new Problem(null, null, answer.status(), null, null, null, null),
                answer.requestId());
    }

    private static Problem withId(Problem problem, String requestId) {
        return new Problem(
                problem.type(),
                problem.title(),
                problem.status(),
                problem.detail(),
                problem.instance(),
                problem.code(),
                requestId);
    }

    private <T> T read(Answer answer, TypeReference<T> type) {
        try {
            return json.readValue(answer.body(), type);
        } catch (JacksonException e) {
            throw new RegistryUnreachableException(answer.requestId(), e);
        }
    }

    record Answer(int status, byte[] body, String requestId) {}
}
