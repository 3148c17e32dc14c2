package dev.atrium.standalone.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls of an application with one credential. Answers come as they are, errors too.
 *
 * @param gateway where the gateway's public port is reached from here
 * @param credential access token or API key
 */
public record GatewayCalls(String gateway, String credential) {
    /**
     * An answer in one piece.
     *
     * @param callId the {@code x-request-id} header
     * @param isFinal whether the gateway says that trying again is no use
     * @param isReplay whether it was said before, to a call with the same idempotency key
     * @param firstCallId of that call; otherwise its own
     */
    public record Answer(
            int status,
            String callId,
            boolean isFinal,
            boolean isReplay,
            String firstCallId,
            String body) {
        public JsonNode json() {
            return Http.JSON.readTree(body);
        }

        public boolean isOk() {
            return status == 200;
        }
    }

    /**
     * A stream as far as it was read.
     *
     * @param ended whether {@code [DONE]} was seen
     */
    public record Stream(String callId, List<String> pieces, boolean ended) {
        public String text() {
            return String.join("", pieces);
        }
    }

    public Answer get(String path) {
        return answer(request(path).GET().build());
    }

    public Answer post(String path, Object body) {
        return answer(json(path, body));
    }

    /** Sends a body as it is. */
    public Answer send(String path, String contentType, byte[] body) {
        return answer(
                request(path)
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
    }

    /** Calls a model by the Open Inference Protocol; {@code inputs} is its member of that name. */
    public Answer infer(String model, JsonNode inputs) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.set("inputs", inputs);
        return post("/v2/models/" + model + "/infer", body);
    }

    /** The same under an idempotency key. */
    public Answer infer(String model, JsonNode inputs, String key) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.set("inputs", inputs);
        return keyed("/v2/models/" + model + "/infer", body, key);
    }

    /** Sends any call under an idempotency key. */
    public Answer keyed(String path, Object body, String key) {
        return answer(
                HttpRequest.newBuilder(json(path, body), (name, value) -> true)
                        .header("Idempotency-Key", key)
                        .build());
    }

    public Answer embeddings(String model, List<String> texts) {
        return post(
                "/v1/embeddings",
                Map.of("model", model, "input", texts, "encoding_format", "float"));
    }

    public Answer chat(String model, String question) {
        return post("/v1/chat/completions", chatBody(model, question, false));
    }

    /** Reads a chat's stream and hangs up after this many pieces of text. */
    public Stream chatStream(String model, String question, int mostPieces) {
        return stream(chatBody(model, question, true), mostPieces);
    }

    /** The same of an answer that has at most this many tokens. */
    public Stream shortChatStream(String model, String question, int mostPieces, int mostTokens) {
        Map<String, Object> body = new HashMap<>(chatBody(model, question, true));
        body.put("max_tokens", mostTokens);
        return stream(body, mostPieces);
    }

    private Stream stream(Map<String, Object> body, int mostPieces) {
        HttpResponse<InputStream> answer =
                Http.send(
                        json("/v1/chat/completions", body),
                        HttpResponse.BodyHandlers.ofInputStream());
        List<String> pieces = new ArrayList<>();
        boolean ended = false;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !ended && pieces.size() < mostPieces) {
                ended = line.equals("data: [DONE]");
                if (line.startsWith("data: {")) {
                    addPiece(line.substring("data: ".length()), pieces);
                }
                line = lines.readLine();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the stream broke", e);
        }
        return new Stream(callId(answer), pieces, ended);
    }

    private static void addPiece(String chunk, List<String> pieces) {
        String text =
                Http.JSON
                        .readTree(chunk)
                        .path("choices")
                        .path(0)
                        .path("delta")
                        .path("content")
                        .asString("");
        if (!text.isEmpty()) {
            pieces.add(text);
        }
    }

    private static Map<String, Object> chatBody(String model, String question, boolean stream) {
        return Map.of(
                "model",
                model,
                "messages",
                List.of(Map.of("role", "user", "content", question)),
                "temperature",
                0,
                "stream",
                stream);
    }

    private static Answer answer(HttpRequest request) {
        HttpResponse<String> answer = Http.send(request, HttpResponse.BodyHandlers.ofString());
        boolean isFinal =
                answer.headers().firstValue("x-should-retry").filter("false"::equals).isPresent();
        boolean isReplay = answer.headers().firstValue("Idempotent-Replayed").isPresent();
        String first =
                answer.headers().firstValue("Atrium-Original-Request-Id").orElse(callId(answer));
        return new Answer(
                answer.statusCode(), callId(answer), isFinal, isReplay, first, answer.body());
    }

    private static String callId(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-request-id").orElse("");
    }

    private HttpRequest json(String path, Object body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Http.JSON.writeValueAsString(body)))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(Http.TIMEOUT)
                .header("Authorization", "Bearer " + credential);
    }
}
