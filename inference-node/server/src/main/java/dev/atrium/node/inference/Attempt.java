package dev.atrium.node.inference;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.model.Replica;
import dev.atrium.node.usage.AttemptKey;
import dev.atrium.node.usage.UsageJournal;
import dev.atrium.node.worker.Call;
import dev.atrium.node.worker.CallTerms;
import dev.atrium.node.worker.Deadline;
import dev.atrium.node.worker.Ending;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One admitted attempt: what it may use, until when, and its entries in the journal. */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Grant grant;
    private final Replica replica;
    private final HostedModel model;
    private final Deadline deadline;
    private final UsageJournal journal;
    private final CallMetrics metrics;
    private final AttemptKey key;
    private final AttemptEnds.Course course;
    private volatile boolean isWithOthers;

    Attempt(
            Grant grant,
            Replica replica,
            HostedModel model,
            Deadline deadline,
            UsageJournal journal,
            CallMetrics metrics,
            AttemptEnds.Course course) {
        this.metrics = metrics;
        this.course = course;
        this.grant = grant;
        this.replica = replica;
        this.model = model;
        this.deadline = deadline;
        this.journal = journal;
        this.key = AttemptKey.of(grant);
    }

    Grant grant() {
        return grant;
    }

    Replica replica() {
        return replica;
    }

    /** Another one than at the admission where the version was loaded anew while the body came. */
    HostedModel model() {
        return model.latest();
    }

    CallTerms terms() {
        return new CallTerms(grant.tenantId(), deadline, this::started);
    }

    /** Nothing is computed that is not in the journal. */
    private void started() {
        isWithOthers = replica.began(new TenantId(grant.tenantId()), model());
        try {
            journal.start(grant, replica.order().versionId());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps what was used so far over a kill of this node. */
    void progress(NodeUsage usage) {
        try {
            journal.progress(key, usage);
        } catch (IOException e) {
            LOG.error("the progress of call {} is not journalled", key.callId(), e);
        }
    }

    /** Begins the computation; an attempt that fails to begin has ended without any. */
    Call begin(Supplier<Call> computation) {
        try {
            return computation.get();
        } catch (RuntimeException e) {
            course.end(AttemptEnd.NOT_COMPUTED);
            throw e;
        }
    }

    /**
     * Sees to it that the end is journalled, whoever still listens.
     *
     * @param call empty when the queue is full
     */
    Call follow(Optional<Call> call) {
        if (call.isEmpty()) {
            throw new EngineException(
                    NodeError.NOT_READY, "too many calls wait for this model", null);
        }
        call.get().ended().thenAccept(this::ended);
        course.follow(call.get());
        return call.get();
    }

    /** The journal comes first: whoever asks must not know more than the registry will. */
    private void ended(Ending ending) {
        if (ending.started()) {
            if (isWithOthers) {
                replica.ended(new TenantId(grant.tenantId()));
            }
            finished(ending);
        }
        course.end(new AttemptEnd(ending.started(), ending.usage()));
    }

    private void finished(Ending ending) {
        Outcome outcome = outcome(ending);
        metrics.computed(grant.operation(), outcome, ending.usage().computeMicros());
        try {
            journal.finish(key, outcome, ending.usage());
        } catch (IOException e) {
            // Stays open in the journal, and so is never reported as shipped.
            LOG.error("the end of call {} is not journalled", key.callId(), e);
        }
    }

    private static Outcome outcome(Ending ending) {
        EngineException failure = ending.failure();
        if (failure == null) {
            return Outcome.OK;
        }
        return switch (failure.code()) {
            case EngineException.CANCELLED -> Outcome.CLIENT_GONE;
            case NodeError.DEADLINE_EXCEEDED -> Outcome.DEADLINE_EXCEEDED;
            case NodeError.INVALID_INPUT,
                    NodeError.CONTEXT_LENGTH_EXCEEDED,
                    NodeError.INPUT_TOO_LARGE,
                    NodeError.UNSUPPORTED_MEDIA_TYPE ->
                    Outcome.INVALID_INPUT;
            default -> Outcome.NODE_FAILED;
        };
    }
}
