package dev.atrium.bench;

import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Grants;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Requests to one model with a grant each, signed before they are measured. */
final class NodeCalls {
    private final FakeRegistry registry;
    private final PlacementOrder model;
    private final Operation operation;
    private final String path;
    private final List<String> bodies;
    private final Deque<ByteBuffer> ready = new ArrayDeque<>();
    private int next;

    private NodeCalls(
            FakeRegistry registry,
            PlacementOrder model,
            Operation operation,
            String template,
            List<String> bodies) {
        this.registry = registry;
        this.model = model;
        this.operation = operation;
        this.path = NodeProtocol.path(template, model.versionId().value());
        this.bodies = bodies;
    }

    static NodeCalls tensors(FakeRegistry registry, PlacementOrder model, String body) {
        return new NodeCalls(registry, model, Operation.INFER, NodeProtocol.INFER, List.of(body));
    }

    static NodeCalls ofMlp(FakeRegistry registry, PlacementOrder model) {
        String body =
                "{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":"
                        + Arrays.toString(NodeModels.FEATURES)
                        + "}]}";
        return tensors(registry, model, body);
    }

    static NodeCalls ofSentences(FakeRegistry registry, PlacementOrder model) {
        List<String> bodies =
                NodeModels.SENTENCES.stream()
                        .map(text -> new EmbedRequest(List.of(text)))
                        .map(request -> JsonMapper.shared().writeValueAsString(request))
                        .toList();
        return new NodeCalls(registry, model, Operation.EMBEDDINGS, NodeProtocol.EMBED, bodies);
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
        String body = bodies.get(next++ % bodies.size());
        String head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n"
                        + NodeProtocol.GRANT_HEADER
                        + ": "
                        + registry.sign(grant)
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n";
        return ByteBuffer.wrap((head + body).getBytes(StandardCharsets.US_ASCII));
    }
}
