package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.quota.QuotaRequestChanged.Kind;
import dev.atrium.registry.quota.policy.PolicyService;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes temporary raises back when their time is over. A policy whose amount somebody has changed
 * since keeps it: the later decision of a person counts.
 */
@Component
class TemporaryRaises {
    private static final Logger log = LoggerFactory.getLogger(TemporaryRaises.class);
    private static final int BATCH = 100;

    private final Leadership leadership;
    private final RequestStore requests;
    private final PolicyService policies;
    private final RequestNews news;
    private final TransactionTemplate transactions;
    private final Clock clock;

    TemporaryRaises(
            Leadership leadership,
            RequestStore requests,
            PolicyService policies,
            RequestNews news,
            TransactionTemplate transactions,
            Clock clock) {
        this.leadership = leadership;
        this.requests = requests;
        this.policies = policies;
        this.news = news;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT5S")
    void run() {
        if (!leadership.isLeader()) {
            return;
        }
        for (RequestStore.Raise due : requests.due(clock.instant(), BATCH)) {
            try {
                TenantScope.run(
                        due.tenant(), () -> transactions.executeWithoutResult(status -> end(due)));
            } catch (RuntimeException e) {
                log.error("raise {} cannot be taken back now; tried again later", due.id(), e);
            }
        }
    }

    private void end(RequestStore.Raise due) {
        requests.raise(due.id()).ifPresent(this::endLocked);
    }

    private void endLocked(RequestStore.Raise raise) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        QuotaRequest request = requests.find(raise.tenant(), raise.id()).orElseThrow();
        Policy present = request.policy();
        requests.end(raise, now);
        if (!request.policyDeleted() && present.amount() == raise.granted()) {
            policies.update(
                    raise.tenant(),
                    Origin.PLATFORM,
                    present.id(),
                    new UpdatePolicy(present.revision(), null, raise.restore(), null, null, null));
        }
        QuotaRequest ended = requests.find(raise.tenant(), raise.id()).orElseThrow();
        news.audit(ended, "raise_ended");
        news.tell(ended, Kind.RAISE_ENDED, now);
    }
}
