package dev.atrium.gateway.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the registry's internal API. Blocking on purpose: only virtual threads in the background use
 * it, never one that serves callers.
 *
 * <p>Where several registries run, the one that answered last is asked first, and the others after
 * it, so one failing registry costs a single try.
 */
@Component
public class RegistryClient {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryClient.class);

    private final RegistryProperties properties;
    private final Credential credential;
    private final HttpClient http;
    private final AtomicInteger current = new AtomicInteger();
    private final JsonMapper json =
            JsonMapper.builder().enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL).build();

    RegistryClient(RegistryProperties properties, Credential credential) {
        this.properties = properties;
        this.credential = credential;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(properties.connectTimeout())
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /**
     * Asks for something that the registry may take its time for.
     *
     * @param patience how long the registry may wait before it answers
     */
    public <T> T get(String path, Duration patience, Class<T> type) throws InterruptedException {
        return ask(path, null, patience, type);
    }

    public <T> T post(String path, Object body, Class<T> type) throws InterruptedException {
        return postJson(path, json.writeValueAsBytes(body), type);
    }

    public <T> T postJson(String path, byte[] body, Class<T> type) throws InterruptedException {
        return ask(path, body, Duration.ZERO, type);
    }

    private <T> T ask(String path, byte @Nullable [] body, Duration patience, Class<T> type)
            throws InterruptedException {
        List<URI> urls = properties.urls();
        int first = current.get();
        String problem = "";
        for (int i = 0; i < urls.size(); i++) {
            int candidate = (first + i) % urls.size();
            try {
                T answer = askOne(urls.get(candidate), path, body, patience, type);
                current.set(candidate);
                return answer;
            } catch (IOException | JacksonException e) {
                problem = urls.get(candidate) + ": " + e;
                LOG.debug("registry {} failed", urls.get(candidate), e);
            }
        }
        throw new RegistryException.Unavailable("no registry answered; last tried " + problem);
    }

    private <T> T askOne(
            URI url, String path, byte @Nullable [] body, Duration patience, Class<T> type)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json");
        credential.current().ifPresent(value -> request.header("Authorization", "Bearer " + value));
        if (body != null) {
            request.header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        }
        HttpResponse<byte[]> response =
                send(request.build(), properties.requestTimeout().plus(patience));
        int status = response.statusCode();
        if (status >= 500) {
            throw new IOException("status " + status);
        }
        if (status >= 300) {
            throw new RegistryException.Refused(status, path);
        }
        return json.readValue(response.body(), type);
    }

    /** The client's own time-out ends with the headers; this one covers the body as well. */
    private HttpResponse<byte[]> send(HttpRequest request, Duration timeout)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout, e);
        } finally {
            // Does nothing to a finished exchange; closes the connection of an abandoned one.
            answer.cancel(true);
        }
    }
}
