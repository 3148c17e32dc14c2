package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.quota.QuotaRequestChanged;
import java.time.Instant;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Says what happened to requests: to the audit, and to whoever listens. */
@Component
class RequestNews {
    private final AuditLog audit;
    private final ApplicationEventPublisher listeners;

    RequestNews(AuditLog audit, ApplicationEventPublisher listeners) {
        this.audit = audit;
        this.listeners = listeners;
    }

    void audit(QuotaRequest request, String action) {
        audit.record("quota_request." + action, "quota_request:" + request.id(), describe(request));
    }

    void tell(QuotaRequest request, QuotaRequestChanged.Kind kind, Instant at) {
        listeners.publishEvent(new QuotaRequestChanged(UUID.randomUUID(), kind, request, at));
    }

    private static String describe(QuotaRequest request) {
        StringBuilder said =
                new StringBuilder(
                        "%s of %s: %d -> %d asked by %s"
                                .formatted(
                                        request.policy().name(),
                                        request.policy().id(),
                                        request.formerAmount(),
                                        request.amount(),
                                        request.requestedBy()));
        QuotaRequest.Outcome outcome = request.outcome();
        if (outcome != null && outcome.granted() != null) {
            said.append(", granted ").append(outcome.granted());
        }
        if (outcome != null && outcome.until() != null) {
            said.append(" until ").append(outcome.until());
        }
        if (outcome != null && outcome.note() != null) {
            said.append(": ").append(outcome.note());
        }
        return said.toString();
    }
}
