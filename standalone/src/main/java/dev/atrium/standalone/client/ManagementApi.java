package dev.atrium.standalone.client;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.paging.Page;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * The management API with one credential. Paths are those under {@code /api/v1}; every method
 * throws {@link ApiFailure} for an answer that is not 2xx.
 *
 * @param registry where the registry's public port is reached from here
 * @param credential access token or API key
 */
public record ManagementApi(String registry, String credential) {
    private static final Duration UPLOAD_LIMIT = Duration.ofMinutes(5);

    public <T> T get(String path, Class<T> type) {
        return read(request(path).GET().build(), type);
    }

    public <T> T post(String path, Object body, Class<T> type) {
        return read(withJson(path, "POST", body).build(), type);
    }

    /** For what may take longer than an answer usually does. */
    public <T> T post(String path, Object body, Class<T> type, Duration limit) {
        return read(withJson(path, "POST", body).timeout(limit).build(), type);
    }

    public <T> T put(String path, Object body, Class<T> type) {
        return read(withJson(path, "PUT", body).build(), type);
    }

    public <T> T patch(String path, Object body, Class<T> type) {
        return read(withJson(path, "PATCH", body).build(), type);
    }

    public void delete(String path) {
        Http.sendChecked(request(path).DELETE().build());
    }

    /** Every row of a paged list. */
    public <T> List<T> all(String path, Class<T> type) {
        JavaType pageType = Http.JSON.getTypeFactory().constructParametricType(Page.class, type);
        List<T> rows = new ArrayList<>();
        String cursor = null;
        do {
            Page<T> page =
                    Http.JSON.readValue(
                            Http.sendChecked(request(pagePath(path, cursor)).GET().build()).body(),
                            pageType);
            rows.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        return rows;
    }

    private static String pagePath(String path, @Nullable String cursor) {
        String first = path + (path.contains("?") ? "&" : "?") + "limit=200";
        return cursor == null
                ? first
                : first + "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
    }

    /** Uploads a model of one file, aliases and deploys it. */
    public ModelVersion upload(ModelName model, String fileName, byte[] content) {
        HttpRequest request =
                request("/models/" + model + "/upload?deploy=true&file=" + fileName)
                        .header("Content-Type", "application/octet-stream")
                        .header(
                                "Repr-Digest",
                                Checked.of(() -> new ByteArrayInputStream(content)).digest())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(content))
                        .build();
        return read(request, ModelVersion.class);
    }

    /**
     * Adds one file to a version that is being uploaded.
     *
     * @param content opened twice, for the checksum and for the upload, and never held in memory
     */
    public void putFile(
            ModelName model, int version, String fileName, Supplier<InputStream> content) {
        Checked checked = Checked.of(content);
        Http.sendChecked(
                request("/models/" + model + "/versions/" + version + "/files/" + fileName)
                        .timeout(UPLOAD_LIMIT)
                        .header("Content-Type", "application/octet-stream")
                        .header("Repr-Digest", checked.digest())
                        .PUT(
                                HttpRequest.BodyPublishers.fromPublisher(
                                        HttpRequest.BodyPublishers.ofInputStream(content),
                                        checked.length()))
                        .build());
    }

    private HttpRequest.Builder withJson(String path, String method, Object body) {
        return request(path)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        HttpRequest.BodyPublishers.ofString(Http.JSON.writeValueAsString(body)));
    }

    private <T> T read(HttpRequest request, Class<T> type) {
        return Http.JSON.readValue(Http.sendChecked(request).body(), type);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(registry + "/api/v1" + path))
                .timeout(Http.TIMEOUT)
                .header("Authorization", "Bearer " + credential)
                .header("Accept", "application/json");
    }

    /** Length and checksum of a content, as its upload announces them. */
    private record Checked(long length, String digest) {
        static Checked of(Supplier<InputStream> content) {
            try (DigestInputStream in =
                    new DigestInputStream(content.get(), MessageDigest.getInstance("SHA-256"))) {
                long length = in.transferTo(OutputStream.nullOutputStream());
                String digest = Base64.getEncoder().encodeToString(in.getMessageDigest().digest());
                return new Checked(length, "sha-256=:" + digest + ":");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read what is to be uploaded", e);
            }
        }
    }
}
