package dev.atrium.portal.fake;

import dev.atrium.portal.fake.FakeRegistry.Call;
import dev.atrium.portal.fake.FakeRegistry.Refused;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.CreateQuotaRequest;
import dev.atrium.registry.api.quota.DecideQuotaRequest;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequest.Outcome;
import dev.atrium.registry.api.quota.QuotaRequestId;
import dev.atrium.registry.api.quota.RequestDecision;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.quota.UpdatePolicy;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Requests for more, by the same rules as the registry's. */
final class FakeRequests {
    static final String ME = "user:ada@acme.example";
    private static final String OWN = "/quota-requests";
    private static final String ALL = "/admin/quota-requests";

    private FakeRequests() {}

    static void register(FakeRegistry registry) {
        registry.route("GET", OWN, call -> list(call, request -> isVisible(call, request)));
        registry.route("POST", OWN, FakeRequests::ask);
        registry.route("GET", OWN + "/([^/]+)", call -> show(call, find(call)));
        registry.route("DELETE", OWN + "/([^/]+)", FakeRequests::withdraw);
        registry.route("PUT", OWN + "/([^/]+)/read", FakeRequests::markRead);
        registry.route("POST", OWN + "/([^/]+)/decision", call -> decide(call, Origin.TENANT));
        registry.route("GET", ALL, call -> list(call, request -> true));
        registry.route("GET", ALL + "/([^/]+)", call -> show(call, find(call)));
        registry.route("POST", ALL + "/([^/]+)/decision", call -> decide(call, Origin.PLATFORM));
    }

    private static boolean isVisible(Call call, QuotaRequest request) {
        boolean mine = request.requestedBy().equals(ME);
        boolean everybodys =
                call.state().scopes().contains("quota:admin") && !"true".equals(call.query("mine"));
        return request.tenantId().equals(call.state().current.id()) && (mine || everybodys);
    }

    private static Object list(Call call, Predicate<QuotaRequest> wanted) {
        String state = call.query("state");
        return FakeApi.page(
                call,
                call.state().quotaRequests.stream()
                        .filter(wanted)
                        .filter(request -> state == null || request.state().name().equals(state))
                        .map(request -> show(call, request))
                        .toList());
    }

    /** With its policy as it is now. */
    private static QuotaRequest show(Call call, QuotaRequest request) {
        Optional<Policy> present = policy(call, request);
        return new QuotaRequest(
                request.id(),
                request.tenantId(),
                request.tenantSlug(),
                present.orElse(request.policy()),
                present.isEmpty(),
                request.formerAmount(),
                request.amount(),
                request.reason(),
                request.state(),
                request.requestedBy(),
                request.createdAt(),
                request.outcome());
    }

    private static Optional<Policy> policy(Call call, QuotaRequest request) {
        return call.state().policies.stream()
                .map(PolicyStatus::policy)
                .filter(policy -> policy.id().equals(request.policy().id()))
                .findFirst();
    }

    private static Object ask(Call call) {
        CreateQuotaRequest wish = call.body(CreateQuotaRequest.class);
        PolicyStatus status =
                call.state().policies.stream()
                        .filter(each -> each.policy().id().equals(wish.policyId()))
                        .findFirst()
                        .orElseThrow(FakeApi::absent);
        if (status.policy().revision() != wish.revision()) {
            throw conflict("Another revision; read it again.");
        }
        QuotaRequest made = open(status, wish.amount(), wish.reason(), ME);
        call.state().quotaRequests.addFirst(made);
        return call.created(made);
    }

    static QuotaRequest open(PolicyStatus status, long amount, String reason, String by) {
        return new QuotaRequest(
                new QuotaRequestId(UUID.randomUUID()),
                status.policy().tenantId(),
                status.tenantSlug(),
                status.policy(),
                false,
                status.policy().amount(),
                amount,
                reason,
                RequestState.OPEN,
                by,
                Instant.now().minusSeconds(1_260),
                null);
    }

    static QuotaRequest closed(QuotaRequest open, RequestState state, Outcome outcome) {
        return new QuotaRequest(
                open.id(),
                open.tenantId(),
                open.tenantSlug(),
                open.policy(),
                open.policyDeleted(),
                open.formerAmount(),
                open.amount(),
                open.reason(),
                state,
                open.requestedBy(),
                open.createdAt(),
                outcome);
    }

    private static Object withdraw(Call call) {
        QuotaRequest open = requireOpen(find(call));
        replace(call, open, closed(open, RequestState.WITHDRAWN, outcome(null, null, null)));
        return null;
    }

    private static Object markRead(Call call) {
        QuotaRequest request = find(call);
        Outcome outcome = request.outcome();
        replace(
                call,
                request,
                closed(
                        request,
                        request.state(),
                        new Outcome(
                                outcome.by(),
                                outcome.at(),
                                outcome.note(),
                                outcome.granted(),
                                outcome.until(),
                                outcome.endedAt(),
                                true)));
        return null;
    }

    private static Object decide(Call call, Origin as) {
        DecideQuotaRequest wish = call.body(DecideQuotaRequest.class);
        QuotaRequest open = requireOpen(show(call, find(call)));
        Policy policy = open.policy();
        if (as == Origin.TENANT && policy.origin() == Origin.PLATFORM) {
            throw new Refused(403, ErrorCode.INSUFFICIENT_SCOPE, "Set by the platform.");
        }
        if (wish.decision() == RequestDecision.DENY) {
            return replace(
                    call,
                    open,
                    closed(open, RequestState.DENIED, outcome(wish.note(), null, null)));
        }
        if (open.policyDeleted() || policy.revision() != wish.policyRevision()) {
            throw conflict("The policy was changed meanwhile.");
        }
        boolean isTrim = wish.decision() == RequestDecision.TRIM;
        long granted = isTrim ? wish.amount() : open.amount();
        UpdatePolicy change = new UpdatePolicy(policy.revision(), null, granted, null, null, null);
        call.state()
                .policies
                .replaceAll(each ->
                        each.policy().id().equals(policy.id())
                                ? FakeQuotas.status(
                                        call.state(),
                                        FakeQuotas.changed(policy, change),
                                        each.used(),
                                        each.reserved(),
                                        each.unreconciled(),
                                        each.refused())
                                : each);
        return replace(
                call,
                open,
                closed(
                        open,
                        isTrim ? RequestState.TRIMMED : RequestState.APPROVED,
                        outcome(wish.note(), granted, wish.until())));
    }

    private static Outcome outcome(String note, Long granted, Instant until) {
        return new Outcome(ME, Instant.now(), note, granted, until, null, false);
    }

    private static QuotaRequest requireOpen(QuotaRequest request) {
        if (request.state() != RequestState.OPEN) {
            throw conflict("The request is " + request.state() + ".");
        }
        return request;
    }

    private static QuotaRequest replace(Call call, QuotaRequest old, QuotaRequest now) {
        call.state().quotaRequests.replaceAll(each -> each.id().equals(old.id()) ? now : each);
        return show(call, now);
    }

    private static QuotaRequest find(Call call) {
        return call.state().quotaRequests.stream()
                .filter(request -> request.id().toString().equals(call.part(1)))
                .findFirst()
                .orElseThrow(FakeApi::absent);
    }

    private static Refused conflict(String detail) {
        return new Refused(409, ErrorCode.CONFLICT, detail);
    }
}
