package dev.atrium.portal.gateway;

import dev.atrium.portal.gateway.ChatListener.ChatUsage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One streamed answer: reads server-sent events until {@code [DONE]}. Stopping closes the
 * connection, which is how a client tells the gateway to cancel the model's work.
 */
public final class ChatCall {
    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";

    private final HttpClient client;
    private final HttpRequest request;
    private final JsonMapper json;
    private final ChatListener listener;
    private final AtomicReference<@Nullable InputStream> body = new AtomicReference<>();
    private final long startedAt = System.nanoTime();
    private volatile boolean stopped;
    private long inputTokens;
    private long outputTokens;
    private @Nullable Duration firstText;

    ChatCall(HttpClient client, HttpRequest request, JsonMapper json, ChatListener listener) {
        this.client = client;
        this.request = request;
        this.json = json;
        this.listener = listener;
    }

    void start() {
        Thread.ofVirtual().name("chat").start(this::run);
    }

    /** Ends the answer where it is. */
    public void stop() {
        stopped = true;
        InputStream open = body.get();
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                listener.onFailure(new GatewayException("The stream could not be closed.", e));
            }
        }
    }

    private void run() {
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            String requestId = GatewayErrors.requestId(response.headers());
            try (InputStream in = response.body()) {
                body.set(in);
                if (response.statusCode() != 200) {
                    throw GatewayErrors.refused(
                            response.statusCode(), in.readAllBytes(), requestId, json);
                }
                read(in, requestId);
            }
            finish(requestId);
        } catch (GatewayException e) {
            listener.onFailure(e);
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        }
    }

    private void read(InputStream in, String requestId) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        String line;
        while (!stopped && (line = lines.readLine()) != null) {
            if (line.startsWith(DATA)) {
                String data = line.substring(DATA.length()).strip();
                if (data.equals(DONE)) {
                    return;
                }
                accept(data, requestId);
            }
        }
    }

    private void accept(String data, String requestId) {
        JsonNode event;
        try {
            event = json.readTree(data);
        } catch (JacksonException e) {
            throw new GatewayException("The stream holds something that is no JSON.", e);
        }
        if (event.has("error")) {
            throw GatewayErrors.refused(
                    200, data.getBytes(StandardCharsets.UTF_8), requestId, json);
        }
        String text = event.path("choices").path(0).path("delta").path("content").asString("");
        if (!text.isEmpty()) {
            if (firstText == null) {
                firstText = elapsed();
            }
            listener.onText(text);
        }
        JsonNode usage = event.path("usage");
        if (usage.isObject()) {
            inputTokens = usage.path("prompt_tokens").asLong();
            outputTokens = usage.path("completion_tokens").asLong();
        }
    }

    private void finish(String requestId) {
        if (stopped) {
            listener.onStopped();
            return;
        }
        Duration took = elapsed();
        Duration first = firstText == null ? took : firstText;
        listener.onEnd(new ChatUsage(inputTokens, outputTokens, first, took, requestId));
    }

    private void fail(Exception e) {
        if (stopped) {
            listener.onStopped();
        } else {
            listener.onFailure(GatewayErrors.unreachable(e));
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }
}
