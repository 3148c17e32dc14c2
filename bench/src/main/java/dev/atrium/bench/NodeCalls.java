package dev.atrium.bench;

import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Grants;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Requests to one model with a grant each, signed before they are measured. */
final class NodeCalls {
    private static final int NUMBERS = 10_000;

    private final FakeRegistry registry;
    private final PlacementOrder model;
    private final Operation operation;
    private final String path;
    private final List<byte[]> bodies;
    private final Deque<ByteBuffer> ready = new ArrayDeque<>();
    private int next;

    private NodeCalls(
            FakeRegistry registry,
            PlacementOrder model,
            Operation operation,
            String template,
            String query,
            List<byte[]> bodies) {
        this.registry = registry;
        this.model = model;
        this.operation = operation;
        this.path = NodeProtocol.path(template, model.versionId().value()) + query;
        this.bodies = bodies;
    }

    static NodeCalls tensors(FakeRegistry registry, PlacementOrder model, String body) {
        return new NodeCalls(
                registry,
                model,
                Operation.INFER,
                NodeProtocol.INFER,
                "",
                List.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    static NodeCalls ofMlp(FakeRegistry registry, PlacementOrder model) {
        String body =
                "{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":"
                        + Arrays.toString(NodeModels.FEATURES)
                        + "}]}";
        return tensors(registry, model, body);
    }

    /**
     * Ten thousand floats as bytes, of which a model makes as many.
     *
     * @param asBytes whether the answer is asked for as bytes, too
     */
    static NodeCalls ofNumbers(FakeRegistry registry, PlacementOrder model, boolean asBytes) {
        ByteBuffer numbers =
                ByteBuffer.allocate(NUMBERS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < NUMBERS; i++) {
            numbers.putFloat((float) Math.sin(i));
        }
        byte[] json =
                """
                {"parameters":{"binary_data_output":%s},"inputs":[{"name":"x","shape":[%d],\
                "datatype":"FP32","parameters":{"binary_data_size":%d}}]}\
                """
                        .formatted(asBytes, NUMBERS, numbers.capacity())
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOf(json, json.length + numbers.capacity());
        System.arraycopy(numbers.array(), 0, body, json.length, numbers.capacity());
        return new NodeCalls(
                registry,
                model,
                Operation.INFER,
                NodeProtocol.INFER,
                "?header=" + json.length,
                List.of(body));
    }

    static NodeCalls ofSentences(FakeRegistry registry, PlacementOrder model) {
        List<byte[]> bodies =
                NodeModels.SENTENCES.stream()
                        .map(text -> new EmbedRequest(List.of(text)))
                        .map(request -> JsonMapper.shared().writeValueAsBytes(request))
                        .toList();
        return new NodeCalls(registry, model, Operation.EMBEDDINGS, NodeProtocol.EMBED, "", bodies);
    }

    void prepare(int count) {
        while (ready.size() < count) {
            ready.add(request(model.tenantId().value()));
        }
    }

    ByteBuffer next() {
        ByteBuffer request = ready.poll();
        return request == null ? request(model.tenantId().value()) : request;
    }

    ByteBuffer request(UUID tenant) {
        Grant grant = Grants.forTenant(registry.grant(model, operation), tenant);
        byte[] body = bodies.get(next++ % bodies.size());
        String head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n"
                        + NodeProtocol.GRANT_HEADER
                        + ": "
                        + registry.sign(grant)
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(start.length + body.length).put(start).put(body).flip();
    }
}
