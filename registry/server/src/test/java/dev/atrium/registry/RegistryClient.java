package dev.atrium.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/** Talks to one port of a registry; keeps cookies like a browser, follows no redirect. */
public final class RegistryClient {
    private final String base;
    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .cookieHandler(cookies)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();

    public RegistryClient(String base) {
        this.base = base;
    }

    /** A browser with the same cookies that finds another registry behind the same address. */
    public RegistryClient movedTo(String otherBase) {
        RegistryClient moved = new RegistryClient(otherBase);
        cookies.getCookieStore()
                .getCookies()
                .forEach(cookie ->
                        moved.cookies.getCookieStore().add(URI.create(otherBase), cookie));
        return moved;
    }

    public CookieManager cookies() {
        return cookies;
    }

    public Answer get(String path, String token) {
        return send(authorized(path, token).GET());
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    public Answer post(String path, String token, Object body) {
        return withBody("POST", path, token, body);
    }

    public Answer put(String path, String token, Object body) {
        return withBody("PUT", path, token, body);
    }

    public Answer patch(String path, String token, Object body) {
        return withBody("PATCH", path, token, body);
    }

    public Answer delete(String path, String token) {
        return send(authorized(path, token).DELETE());
    }

    public Answer withBody(String method, String path, String token, Object body) {
        String json = body instanceof String text ? text : Answer.JSON.writeValueAsString(body);
        return send(
                authorized(path, token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(json)));
    }

    /** As a page's form does. */
    public Answer form(String path, Map<String, String> fields) {
        return send(form(request(path), fields));
    }

    /** As an OAuth client does, with HTTP Basic. */
    public Answer form(String path, String client, String secret, Map<String, String> fields) {
        String basic =
                Base64.getEncoder()
                        .encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return send(form(request(path).header("Authorization", "Basic " + basic), fields));
    }

    private static HttpRequest.Builder form(HttpRequest.Builder to, Map<String, String> fields) {
        return to.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(fields)));
    }

    public static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder authorized(String path, String token) {
        return request(path).header("Authorization", "Bearer " + token);
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
