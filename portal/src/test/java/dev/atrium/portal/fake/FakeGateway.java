package dev.atrium.portal.fake;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** The gateway's public calls, with answers computed from the input. */
final class FakeGateway {
    private final FakeRegistry registry;

    FakeGateway(FakeRegistry registry) {
        this.registry = registry;
    }

    void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        registry.state().requests.add(exchange.getRequestMethod() + " " + path);
        exchange.getResponseHeaders().set("x-request-id", "0190b000-0000-7000-8000-00000000000a");
        byte[] body = exchange.getRequestBody().readAllBytes();
        try {
            if (path.equals("/v1/models")) {
                FakeRegistry.send(exchange, 200, models());
            } else if (path.equals("/v1/embeddings")) {
                FakeRegistry.send(exchange, 200, embeddings(FakeRegistry.JSON.readTree(body)));
            } else if (path.equals("/v1/chat/completions")) {
                chat(exchange, FakeRegistry.JSON.readTree(body));
            } else if (path.endsWith("/infer")) {
                infer(exchange, FakeRegistry.JSON.readTree(body));
            } else if (path.startsWith("/v1/predict/")) {
                FakeRegistry.send(exchange, 200, predictions(exchange, body));
            } else {
                FakeRegistry.send(exchange, 404, Map.of("error", "no such thing"));
            }
        } finally {
            exchange.close();
        }
    }

    private Map<String, Object> models() {
        List<Map<String, Object>> data =
                registry.state().deployments.stream()
                        .filter(d -> d.ready() > 0)
                        .map(d -> d.model())
                        .distinct()
                        .map(name ->
                                Map.<String, Object>of(
                                        "id",
                                        name.toString(),
                                        "object",
                                        "model",
                                        "created",
                                        1,
                                        "owned_by",
                                        name.tenant()))
                        .toList();
        return Map.of("object", "list", "data", data);
    }

    private Map<String, Object> embeddings(JsonNode request) {
        List<Object> data = new ArrayList<>();
        for (JsonNode input : request.get("input")) {
            data.add(
                    Map.of(
                            "object",
                            "embedding",
                            "index",
                            data.size(),
                            "embedding",
                            vector(input.asString())));
        }
        return Map.of(
                "object",
                "list",
                "data",
                data,
                "model",
                request.get("model").asString(),
                "usage",
                Map.of("prompt_tokens", 11, "total_tokens", 11));
    }

    /** A table of as many rows as there are lines, a text of FLAC, else one input. */
    private static Map<String, Object> predictions(HttpExchange exchange, byte[] body) {
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (type.equals("application/json")) {
            int rows = FakeRegistry.JSON.readTree(body).size();
            return Map.of("values", java.util.Collections.nCopies(rows, List.of(0.25, "NaN")));
        }
        if (type.equals("audio/flac")) {
            return Map.of("text", body.length + " bytes were spoken");
        }
        return Map.of(
                "predictions",
                List.of(
                        Map.of("label", type + " of " + body.length, "score", 0.875),
                        Map.of("label", "other", "score", 0.125)),
                "usage",
                Map.of("input_tokens", 4));
    }

    private static List<Double> vector(String text) {
        double[] counts = new double[26];
        text.toLowerCase(java.util.Locale.ROOT)
                .chars()
                .filter(c -> c >= 'a' && c <= 'z')
                .forEach(c -> counts[c - 'a']++);
        List<Double> vector = new ArrayList<>();
        for (double count : counts) {
            vector.add(count);
        }
        return vector;
    }

    private void chat(HttpExchange exchange, JsonNode request) throws IOException {
        JsonNode messages = request.get("messages");
        String last = messages.get(messages.size() - 1).get("content").asString();
        if (last.contains("too long")) {
            FakeRegistry.send(
                    exchange,
                    400,
                    Map.of(
                            "error",
                            Map.of(
                                    "message",
                                    "The prompt has 4096 tokens, the model takes 512.",
                                    "type",
                                    "invalid_request_error",
                                    "code",
                                    "context_length_exceeded")));
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            if (last.contains("without end")) {
                streamUntilCut(out, last);
                return;
            }
            for (String word : ("You said: " + last).split("(?<= )")) {
                event(out, delta(Map.of("content", word)));
            }
            Map<String, Object> end = new LinkedHashMap<>();
            end.put("choices", List.of());
            end.put(
                    "usage",
                    Map.of("prompt_tokens", 7, "completion_tokens", 5, "total_tokens", 12));
            event(out, end);
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void streamUntilCut(OutputStream out, String words) {
        try {
            event(out, delta(Map.of("content", words)));
            while (true) {
                event(out, delta(Map.of("content", " and on")));
                LockSupport.parkNanos(20_000_000);
            }
        } catch (IOException e) {
            registry.state().requests.add("stream cut");
        }
    }

    private static Map<String, Object> delta(Map<String, Object> delta) {
        return Map.of("choices", List.of(Map.of("index", 0, "delta", delta)));
    }

    private static void event(OutputStream out, Object value) throws IOException {
        out.write(
                ("data: " + FakeRegistry.JSON.writeValueAsString(value) + "\n\n")
                        .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void infer(HttpExchange exchange, JsonNode request) throws IOException {
        JsonNode input = request.get("inputs").get(0);
        if (!input.get("datatype").asString().equals("FP32")) {
            FakeRegistry.send(
                    exchange,
                    400,
                    Map.of("error", "input 'image' has datatype INT8, the model wants FP32"));
            return;
        }
        FakeRegistry.send(
                exchange,
                200,
                Map.of(
                        "model_name",
                        "acme/fashion",
                        "outputs",
                        List.of(
                                Map.of(
                                        "name",
                                        "scores",
                                        "datatype",
                                        "FP32",
                                        "shape",
                                        List.of(1, 10),
                                        "data",
                                        List.of(0.1, 0.2, 0.7)))));
    }
}
