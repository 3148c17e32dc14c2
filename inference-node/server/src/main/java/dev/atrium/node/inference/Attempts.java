package dev.atrium.node.inference;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.model.Replica;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.usage.UsageJournal;
import dev.atrium.node.worker.Deadline;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.usage.Operation;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Admits calls: grant, model, deadline, in this order and before a byte of the body is read. */
@Component
class Attempts {
    private final Grants grants;
    private final Replicas replicas;
    private final UsageJournal journal;
    private final CallMetrics metrics;
    private final InferenceProperties properties;

    Attempts(
            Grants grants,
            Replicas replicas,
            UsageJournal journal,
            CallMetrics metrics,
            InferenceProperties properties) {
        this.metrics = metrics;
        this.grants = grants;
        this.replicas = replicas;
        this.journal = journal;
        this.properties = properties;
    }

    Attempt admit(HttpHeaders headers, UUID versionId, Operation operation) {
        Grant grant =
                grants.accept(headers.getFirst(NodeProtocol.GRANT_HEADER), versionId, operation);
        Replica replica =
                replicas.find(new ModelVersionId(versionId))
                        .orElseThrow(() ->
                                new EngineException(
                                        NodeError.NOT_LOADED,
                                        "this node does not hold the version",
                                        null));
        HostedModel model =
                replica.serving()
                        .orElseThrow(() ->
                                new EngineException(
                                        NodeError.NOT_READY,
                                        "the version is not ready on this node",
                                        null));
        Duration time =
                Duration.ofMillis(
                        Math.clamp(grant.deadlineMillis(), 1, properties.maxDeadline().toMillis()));
        return new Attempt(grant, replica, model, Deadline.in(time), journal, metrics);
    }
}
