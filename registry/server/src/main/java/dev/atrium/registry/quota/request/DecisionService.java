package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.quota.DecideQuotaRequest;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequest.Outcome;
import dev.atrium.registry.api.quota.QuotaRequestId;
import dev.atrium.registry.api.quota.RequestDecision;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.quota.QuotaRequestChanged.Kind;
import dev.atrium.registry.quota.policy.PlatformPolicyException;
import dev.atrium.registry.quota.policy.PolicyConflictException;
import dev.atrium.registry.quota.policy.PolicyNotFoundException;
import dev.atrium.registry.quota.policy.PolicyService;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What those do who decide. The request is locked first, so of two decisions at the same time one
 * is told that the other has been made; then the raise that it replaces, then the policy.
 */
@Service
@Transactional
class DecisionService {
    private final RequestStore requests;
    private final PolicyService policies;
    private final RequestNews news;
    private final Clock clock;

    DecisionService(RequestStore requests, PolicyService policies, RequestNews news, Clock clock) {
        this.requests = requests;
        this.policies = policies;
        this.news = news;
        this.clock = clock;
    }

    /**
     * @param as {@link Origin#TENANT} decides only on policies that the tenant has set
     */
    public QuotaRequest decide(
            TenantId tenant, Origin as, Caller caller, QuotaRequestId id, DecideQuotaRequest wish) {
        String note = RequestRules.note(wish);
        QuotaRequest open =
                requests.findForUpdate(tenant, id).orElseThrow(RequestNotFoundException::new);
        if (as == Origin.TENANT && open.policy().origin() == Origin.PLATFORM) {
            throw new PlatformPolicyException();
        }
        if (open.state() != RequestState.OPEN) {
            throw RequestConflictException.notOpen(open);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (wish.decision() == RequestDecision.DENY) {
            RequestRules.grantsNothing(wish);
            requests.close(open, RequestState.DENIED, caller.actor(), now, note);
        } else {
            long granted = RequestRules.granted(wish, open.amount());
            Instant until = RequestRules.until(wish, now);
            Outcome outcome = new Outcome(caller.actor(), now, note, granted, until, null, false);
            grant(open, as, RequestRules.policyRevision(wish), outcome, granted);
        }
        QuotaRequest decided = requests.find(tenant, id).orElseThrow();
        news.audit(decided, decided.state().name().toLowerCase(Locale.ROOT));
        news.tell(decided, Kind.DECIDED, now);
        return decided;
    }

    private void grant(QuotaRequest open, Origin as, int revision, Outcome outcome, long granted) {
        Policy present = open.policy();
        if (open.policyDeleted()) {
            throw RequestConflictException.policyDeleted();
        }
        if (present.revision() != revision) {
            throw PolicyConflictException.otherRevision(revision, present.revision());
        }
        if (granted <= present.amount()) {
            throw RequestConflictException.allowedAlready(granted, present.amount());
        }
        requests.grant(
                open,
                granted == open.amount() ? RequestState.APPROVED : RequestState.TRIMMED,
                outcome,
                replaceRaise(present, outcome.at()));
        try {
            policies.update(
                    present.tenantId(),
                    as,
                    present.id(),
                    new UpdatePolicy(revision, null, granted, null, null, null));
        } catch (PolicyNotFoundException deletedMeanwhile) {
            throw RequestConflictException.policyDeleted();
        }
    }

    /** A later decision takes the place of a raise, so that raises do not pile up. */
    private long replaceRaise(Policy present, Instant now) {
        return requests.raiseOf(present.id())
                .map(raise -> {
                    requests.end(raise, now);
                    return raise.granted() == present.amount() ? raise.restore() : present.amount();
                })
                .orElse(present.amount());
    }
}
