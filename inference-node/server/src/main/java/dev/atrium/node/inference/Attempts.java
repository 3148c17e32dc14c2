package dev.atrium.node.inference;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.Preference;
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
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Admits calls: grant, model, deadline, in this order and before a byte of the body is read. A
 * model that is not in memory is loaded, for which the call may wait.
 */
@Component
class Attempts {
    private static final Duration LAST_ANSWER = Duration.ofMillis(500);

    private final Grants grants;
    private final AttemptEnds ends;
    private final Replicas replicas;
    private final ColdCalls coldCalls;
    private final UsageJournal journal;
    private final CallMetrics metrics;
    private final InferenceProperties properties;

    Attempts(
            Grants grants,
            AttemptEnds ends,
            Replicas replicas,
            ColdCalls coldCalls,
            UsageJournal journal,
            CallMetrics metrics,
            InferenceProperties properties) {
        this.metrics = metrics;
        this.grants = grants;
        this.ends = ends;
        this.replicas = replicas;
        this.coldCalls = coldCalls;
        this.journal = journal;
        this.properties = properties;
    }

    Mono<Attempt> admit(NodeExchange exchange, Operation operation) {
        return admit(exchange, operation::equals);
    }

    /** A prediction of any kind: what the model does with it says which. */
    Mono<Attempt> admitPrediction(NodeExchange exchange) {
        return admit(exchange, Operation::isPrediction);
    }

    private Mono<Attempt> admit(NodeExchange exchange, Predicate<Operation> allowed) {
        Grant grant = grants.verify(exchange.grant(), exchange.versionId(), allowed);
        AttemptEnds.Course course = use(grant);
        try {
            return admit(grant, course, exchange);
        } catch (EngineException | LoadingException e) {
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

    private Mono<Attempt> admit(Grant grant, AttemptEnds.Course course, NodeExchange exchange) {
        Replica replica =
                replicas.find(new ModelVersionId(grant.versionId()))
                        .orElseThrow(() ->
                                new EngineException(
                                        NodeError.NOT_LOADED,
                                        "this node does not hold the version",
                                        null));
        Duration time =
                Duration.ofMillis(
                        Math.clamp(grant.deadlineMillis(), 1, properties.maxDeadline().toMillis()));
        Deadline deadline = Deadline.in(time);
        TenantId tenant = new TenantId(grant.tenantId());
        Optional<HostedModel> loaded = replica.servingFor(tenant);
        Mono<HostedModel> model =
                loaded.isPresent()
                        ? Mono.just(loaded.get())
                        : coldCalls.load(
                                replica,
                                new ColdCalls.Asking(
                                        tenant,
                                        course,
                                        longestWait(exchange, time),
                                        size(exchange)));
        return model.map(
                its -> new Attempt(grant, replica, its, deadline, journal, metrics, course));
    }

    /** The answer to a call that waited in vain has to be on its way before its deadline. */
    private static Duration longestWait(NodeExchange exchange, Duration deadline) {
        Duration wanted =
                Preference.wait(
                        exchange.request().requestHeaders().getAll(NodeProtocol.WAIT_HEADER));
        Duration possible = deadline.minus(LAST_ANSWER);
        Duration wait = wanted.compareTo(possible) < 0 ? wanted : possible;
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Of the body, at most. */
    private long size(NodeExchange exchange) {
        long length = exchange.contentLength();
        return length < 0 ? properties.maxBody().toBytes() : length;
    }
}
