package dev.atrium.portal.gateway;

import dev.atrium.portal.address.Addresses;
import dev.atrium.portal.registry.BearerTokens;
import dev.atrium.registry.api.catalog.ModelName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls models as any application does, with the signed-in user's token. */
@Component
public class GatewayClient {
    private final JsonMapper json = JsonMapper.builder().build();
    private final Addresses addresses;
    private final BearerTokens tokens;
    private final GatewayProperties properties;
    private final HttpClient client;

    GatewayClient(Addresses addresses, BearerTokens tokens, GatewayProperties properties) {
        this.addresses = addresses;
        this.tokens = tokens;
        this.properties = properties;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(properties.connectTimeout())
                        .build();
    }

    /** Full names of the models that can be called now. */
    public Set<String> callableModels() {
        Set<String> names = new HashSet<>();
        Answer answer = exchange(request("/v1/models").GET().build());
        answer.json().path("data").forEach(model -> names.add(model.path("id").asString("")));
        return names;
    }

    public Embeddings embed(ModelName model, List<String> texts) {
        Answer answer = post("/v1/embeddings", embeddingsBody(model, texts));
        List<double[]> vectors = new ArrayList<>();
        for (JsonNode item : answer.json().path("data")) {
            vectors.add(vector(item.path("embedding")));
        }
        long tokensUsed = answer.json().path("usage").path("prompt_tokens").asLong();
        return new Embeddings(vectors, tokensUsed, answer.took(), answer.requestId());
    }

    /** Sends a tensor request as it was written. */
    public TensorAnswer infer(ModelName model, @Nullable Integer version, String body) {
        Answer answer = post(inferPath(model, version), body);
        String text = json.writerWithDefaultPrettyPrinter().writeValueAsString(answer.json());
        return new TensorAnswer(text, answer.took(), answer.requestId());
    }

    /** Starts a streamed answer; the listener hears it on another thread. */
    public ChatCall chat(
            ModelName model, List<ChatMessage> messages, int maxTokens, ChatListener listener) {
        HttpRequest request =
                request("/v1/chat/completions")
                        .header("Accept", "text/event-stream")
                        .POST(BodyPublishers.ofString(chatBody(model, messages, maxTokens)))
                        .build();
        ChatCall call = new ChatCall(client, request, json, listener);
        call.start();
        return call;
    }

    public String embeddingsBody(ModelName model, List<String> texts) {
        ObjectNode body = json.createObjectNode();
        body.put("model", model.toString());
        texts.forEach(body.putArray("input")::add);
        return json.writeValueAsString(body);
    }

    public String chatBody(ModelName model, List<ChatMessage> messages, int maxTokens) {
        ObjectNode body = json.createObjectNode();
        body.put("model", model.toString());
        for (ChatMessage message : messages) {
            body.withArray("messages")
                    .addObject()
                    .put("role", message.role())
                    .put("content", message.content());
        }
        body.put("max_tokens", maxTokens);
        body.put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        return json.writeValueAsString(body);
    }

    /** The public address of a call, for an example to paste. */
    public String publicUrl(String path) {
        return addresses.gateway() + path;
    }

    public static String inferPath(ModelName model, @Nullable Integer version) {
        String versionPart = version == null ? "" : "/versions/" + version;
        return "/v2/models/" + model + versionPart + "/infer";
    }

    public static String predictPath(ModelName model, @Nullable Integer version) {
        return "/v1/predict/" + model + (version == null ? "" : "/versions/" + version);
    }

    /** Sends a natural input as it is. */
    public PredictionAnswer predict(
            ModelName model, @Nullable Integer version, String contentType, byte[] input) {
        Answer answer =
                exchange(
                        request(predictPath(model, version))
                                .setHeader("Content-Type", contentType)
                                .POST(BodyPublishers.ofByteArray(input))
                                .build());
        JsonNode json = answer.json();
        return new PredictionAnswer(
                rows(json.path("predictions"), GatewayClient::scored),
                rows(json.path("values"), JsonNode::asString),
                json.path("text").isString() ? json.path("text").stringValue() : null,
                json.path("usage").path("input_tokens").asLong(),
                answer.took(),
                answer.requestId());
    }

    private static PredictionAnswer.Scored scored(JsonNode entry) {
        return new PredictionAnswer.Scored(
                entry.path("label").asString(), entry.path("score").asDouble());
    }

    /** What is no table has its one row without an array around it. */
    private static <T> List<List<T>> rows(JsonNode node, Function<JsonNode, T> entry) {
        if (node.isEmpty()) {
            return List.of();
        }
        List<List<T>> rows = new ArrayList<>();
        if (node.get(0).isArray()) {
            node.forEach(row -> rows.add(entries(row, entry)));
        } else {
            rows.add(entries(node, entry));
        }
        return rows;
    }

    private static <T> List<T> entries(JsonNode row, Function<JsonNode, T> entry) {
        List<T> entries = new ArrayList<>();
        row.forEach(each -> entries.add(entry.apply(each)));
        return entries;
    }

    private Answer post(String path, String body) {
        return exchange(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(addresses.gatewayInternal() + path))
                .timeout(properties.callTimeout())
                .header("Authorization", "Bearer " + tokens.current())
                .header("Content-Type", "application/json");
    }

    private Answer exchange(HttpRequest request) {
        long startedAt = System.nanoTime();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
            String requestId = GatewayErrors.requestId(response.headers());
            if (response.statusCode() != 200) {
                throw GatewayErrors.refused(
                        response.statusCode(), response.body(), requestId, json);
            }
            return new Answer(json.readTree(response.body()), took, requestId);
        } catch (IOException | JacksonException e) {
            throw GatewayErrors.unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GatewayErrors.unreachable(e);
        }
    }

    private static double[] vector(JsonNode numbers) {
        double[] vector = new double[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.get(i).asDouble();
        }
        return vector;
    }

    private record Answer(JsonNode json, Duration took, String requestId) {}
}
