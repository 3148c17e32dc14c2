package dev.atrium.node.inference;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.model.Replica;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.usage.AttemptKey;
import dev.atrium.node.usage.UsageJournal;
import dev.atrium.node.worker.Deadline;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Operation;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Admits calls: grant, model, deadline, in this order and before a byte of the body is read. */
@Component
class Attempts {
    private final Grants grants;
    private final AttemptEnds ends;
    private final Replicas replicas;
    private final UsageJournal journal;
    private final CallMetrics metrics;
    private final InferenceProperties properties;

    Attempts(
            Grants grants,
            AttemptEnds ends,
            Replicas replicas,
            UsageJournal journal,
            CallMetrics metrics,
            InferenceProperties properties) {
        this.metrics = metrics;
        this.grants = grants;
        this.ends = ends;
        this.replicas = replicas;
        this.journal = journal;
        this.properties = properties;
    }

    Attempt admit(HttpHeaders headers, UUID versionId, Operation operation) {
        return admit(headers, versionId, operation::equals);
    }

    /** A prediction of any kind: what the model does with it says which. */
    Attempt admitPrediction(HttpHeaders headers, UUID versionId) {
        return admit(headers, versionId, Operation::isPrediction);
    }

    private Attempt admit(HttpHeaders headers, UUID versionId, Predicate<Operation> allowed) {
        Grant grant =
                grants.verify(headers.getFirst(NodeProtocol.GRANT_HEADER), versionId, allowed);
        AttemptEnds.Course course = use(grant);
        try {
            return admit(grant, course);
        } catch (EngineException e) {
            course.end(AttemptEnd.NOT_COMPUTED);
            throw e;
        }
    }

    /** Known before it is used: who finds it used finds its course as well. */
    private AttemptEnds.Course use(Grant grant) {
        AttemptEnds.Course course = ends.open(AttemptKey.of(grant)).orElseThrow(Grants::refusal);
        try {
            grants.use(grant);
            return course;
        } catch (EngineException e) {
            ends.drop(course);
            throw e;
        }
    }

    private Attempt admit(Grant grant, AttemptEnds.Course course) {
        Replica replica =
                replicas.find(new ModelVersionId(grant.versionId()))
                        .orElseThrow(() ->
                                new EngineException(
                                        NodeError.NOT_LOADED,
                                        "this node does not hold the version",
                                        null));
        HostedModel model =
                replica.servingFor(new TenantId(grant.tenantId()))
                        .orElseThrow(() ->
                                new EngineException(
                                        NodeError.NOT_READY,
                                        "the version is not ready on this node",
                                        null));
        Duration time =
                Duration.ofMillis(
                        Math.clamp(grant.deadlineMillis(), 1, properties.maxDeadline().toMillis()));
        return new Attempt(grant, replica, model, Deadline.in(time), journal, metrics, course);
    }
}
