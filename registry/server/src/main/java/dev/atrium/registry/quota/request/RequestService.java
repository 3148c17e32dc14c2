package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreateQuotaRequest;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequestId;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.identity.NotAUserException;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import dev.atrium.registry.quota.QuotaRequestChanged.Kind;
import dev.atrium.registry.quota.policy.PolicyConflictException;
import dev.atrium.registry.quota.policy.PolicyRules;
import dev.atrium.registry.quota.policy.PolicyService;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What those do who ask. */
@Service
@Transactional
class RequestService {
    private final RequestStore requests;
    private final PolicyService policies;
    private final RequestNews news;
    private final Paging paging;
    private final Clock clock;

    RequestService(
            RequestStore requests,
            PolicyService policies,
            RequestNews news,
            Paging paging,
            Clock clock) {
        this.requests = requests;
        this.policies = policies;
        this.news = news;
        this.paging = paging;
        this.clock = clock;
    }

    /** Only people ask: somebody must read the answer. */
    public QuotaRequest ask(Caller caller, CreateQuotaRequest wish) {
        NotAUserException.requireUser(caller);
        String reason = RequestRules.reason(wish.reason());
        long amount = PolicyRules.amount(wish.amount());
        Policy policy = policies.get(caller.tenantId(), wish.policyId());
        if (policy.revision() != wish.revision()) {
            throw PolicyConflictException.otherRevision(wish.revision(), policy.revision());
        }
        if (amount <= policy.amount()) {
            throw new InvalidRequestException(
                    "'amount' is "
                            + amount
                            + " but must be more than the present "
                            + policy.amount());
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        QuotaRequestId id =
                requests.insert(policy, caller, amount, reason, now)
                        .orElseThrow(RequestConflictException::alreadyOpen);
        QuotaRequest opened = requests.find(caller.tenantId(), id).orElseThrow();
        news.audit(opened, "opened");
        news.tell(opened, Kind.OPENED, now);
        return opened;
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<QuotaRequest> list(RequestFilter filter, PageRequest page) {
        return read(filter, page);
    }

    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Page<QuotaRequest> listAll(RequestFilter filter, PageRequest page) {
        return read(filter, page);
    }

    private Page<QuotaRequest> read(RequestFilter filter, PageRequest page) {
        Window window = paging.window(filter.list(), page);
        return paging.page(
                window,
                requests.below(filter, window.below(), window.fetch()),
                request -> request.id().toString(),
                request -> request);
    }

    /** Another member's is absent, but for those who decide. */
    @Transactional(readOnly = true)
    public QuotaRequest get(Caller caller, QuotaRequestId id) {
        if (!caller.may(Scope.QUOTA_ADMIN) && !requests.isOf(caller.principalId(), id)) {
            throw new RequestNotFoundException();
        }
        return get(caller.tenantId(), id);
    }

    /** For the platform. */
    @Transactional(readOnly = true)
    public QuotaRequest get(TenantId tenant, QuotaRequestId id) {
        return requests.find(tenant, id).orElseThrow(RequestNotFoundException::new);
    }

    public void withdraw(Caller caller, QuotaRequestId id) {
        QuotaRequest open = own(caller, id);
        if (open.state() != RequestState.OPEN) {
            throw RequestConflictException.notOpen(open);
        }
        requests.close(open, RequestState.WITHDRAWN, caller.actor(), clock.instant(), null);
        news.audit(open, "withdrawn");
    }

    /** An open one stays unread: there is nothing to take note of. */
    public void markRead(Caller caller, QuotaRequestId id) {
        requests.markRead(caller.tenantId(), own(caller, id).id());
    }

    private QuotaRequest own(Caller caller, QuotaRequestId id) {
        TenantId tenant = caller.tenantId();
        if (!requests.isOf(caller.principalId(), id)) {
            throw new RequestNotFoundException();
        }
        return requests.findForUpdate(tenant, id).orElseThrow(RequestNotFoundException::new);
    }
}
