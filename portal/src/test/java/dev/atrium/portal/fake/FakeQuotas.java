package dev.atrium.portal.fake;

import dev.atrium.portal.fake.FakeRegistry.Refused;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/** Quota policies, by the same rules as the registry's. */
final class FakeQuotas {
    private static final Comparator<PolicyStatus> CLOSEST_FIRST =
            Comparator.comparing(PolicyStatus::percent).reversed();
    private static final String ADMIN = "/admin/tenants/([^/]+)/quota-policies";

    private FakeQuotas() {}

    static void register(FakeRegistry registry) {
        registry.route("GET", "/projects", call -> FakeApi.page(call, call.state().projects));
        registry.route(
                "GET",
                "/admin/tenants/([^/]+)/projects",
                call -> FakeApi.page(call, ofAcme(call, call.state().projects)));
        registry.route(
                "GET",
                "/admin/tenants/([^/]+)/api-keys",
                call -> FakeApi.page(call, ofAcme(call, call.state().apiKeys)));
        registry.route(
                "GET",
                "/admin/quota-policies/status",
                call -> {
                    requireAdmin(call);
                    int least = Integer.parseInt(call.query("minPercent"));
                    return list(call, status -> status.percent() >= least);
                });
        routes(registry, "/quota-policies", Origin.TENANT, 1, FakeQuotas::own);
        routes(registry, ADMIN, Origin.PLATFORM, 2, FakeQuotas::named);
    }

    private static void routes(
            FakeRegistry registry,
            String base,
            Origin origin,
            int idGroup,
            Function<FakeRegistry.Call, TenantId> tenant) {
        registry.route(
                "GET",
                base + "/status",
                call -> {
                    TenantId of = tenant.apply(call);
                    return list(call, status -> status.policy().tenantId().equals(of));
                });
        registry.route("GET", base + "/events", call -> events(call, tenant.apply(call)));
        registry.route("POST", base, call -> create(call, tenant.apply(call), origin));
        String one = base + "/([^/]+)";
        registry.route(
                "GET", one, call -> find(call, tenant.apply(call), call.part(idGroup)).policy());
        registry.route(
                "PUT",
                one,
                call -> update(call, changeable(call, tenant.apply(call), origin, idGroup)));
        registry.route(
                "DELETE",
                one,
                call -> {
                    call.state()
                            .policies
                            .remove(changeable(call, tenant.apply(call), origin, idGroup));
                    return null;
                });
    }

    private static TenantId own(FakeRegistry.Call call) {
        return call.state().current.id();
    }

    private static TenantId named(FakeRegistry.Call call) {
        requireAdmin(call);
        return call.state().tenants.stream()
                .filter(tenant -> tenant.id().toString().equals(call.part(1)))
                .findFirst()
                .orElseThrow(FakeApi::absent)
                .id();
    }

    /** The other tenants have none. */
    private static <T> List<T> ofAcme(FakeRegistry.Call call, List<T> all) {
        return named(call).equals(call.state().acme.id()) ? all : List.of();
    }

    private static void requireAdmin(FakeRegistry.Call call) {
        if (!call.state().platformAdmin) {
            throw insufficient("platform:admin is needed.");
        }
    }

    private static Object list(FakeRegistry.Call call, Predicate<PolicyStatus> wanted) {
        return FakeApi.page(
                call, call.state().policies.stream().filter(wanted).sorted(CLOSEST_FIRST).toList());
    }

    private static Object events(FakeRegistry.Call call, TenantId tenant) {
        return FakeApi.page(
                call,
                call.state().quotaEvents.stream()
                        .filter(event ->
                                call.state().policies.stream()
                                        .map(PolicyStatus::policy)
                                        .anyMatch(policy ->
                                                policy.id().equals(event.policyId())
                                                        && policy.tenantId().equals(tenant)))
                        .toList());
    }

    private static Object create(FakeRegistry.Call call, TenantId tenant, Origin origin) {
        requireWriter(call, origin);
        CreatePolicy wanted = call.body(CreatePolicy.class);
        Mode mode = Objects.requireNonNullElse(wanted.mode(), Mode.HARD);
        check(wanted.unit(), wanted.window(), wanted.burst(), mode);
        Instant now = Instant.now();
        Policy policy =
                new Policy(
                        new PolicyId(UUID.randomUUID()),
                        tenant,
                        wanted.name(),
                        Objects.requireNonNullElse(wanted.subject(), PolicySubject.TENANT),
                        wanted.unit(),
                        wanted.window(),
                        wanted.amount(),
                        wanted.window().isRate() && wanted.burst() == null
                                ? Long.valueOf(Math.max(1, wanted.amount()))
                                : wanted.burst(),
                        mode,
                        Objects.requireNonNullElse(wanted.warnPercent(), 80),
                        origin,
                        "Ada Lovelace",
                        now,
                        now,
                        0,
                        null,
                        null);
        call.state().policies.add(status(call.state(), policy, 0, 0, 0, 0));
        return call.created(policy);
    }

    private static void check(Unit unit, Window window, Long burst, Mode mode) {
        if ((unit == Unit.CONCURRENCY) != (window == Window.NONE)) {
            throw invalid("'window' does not suit the unit.");
        }
        if (burst != null && (burst < 1 || !window.isRate())) {
            throw invalid("'burst' is for rates only.");
        }
        if (mode == Mode.SOFT && !window.isQuota()) {
            throw invalid("'mode' is SOFT, which is for quotas only.");
        }
    }

    private static Object update(FakeRegistry.Call call, PolicyStatus present) {
        UpdatePolicy change = call.body(UpdatePolicy.class);
        Policy policy = present.policy();
        if (policy.revision() != change.revision()) {
            throw new Refused(409, ErrorCode.CONFLICT, "Another revision; read it again.");
        }
        Policy changed = changed(policy, change);
        check(changed.unit(), changed.window(), changed.burst(), changed.mode());
        call.state()
                .policies
                .replaceAll(each ->
                        each == present
                                ? status(
                                        call.state(),
                                        changed,
                                        present.used(),
                                        present.reserved(),
                                        present.unreconciled(),
                                        present.refused())
                                : each);
        return changed;
    }

    static Policy changed(Policy policy, UpdatePolicy change) {
        return new Policy(
                policy.id(),
                policy.tenantId(),
                Objects.requireNonNullElse(change.name(), policy.name()),
                policy.subject(),
                policy.unit(),
                policy.window(),
                Objects.requireNonNullElse(change.amount(), policy.amount()),
                change.burst() == null ? policy.burst() : change.burst(),
                Objects.requireNonNullElse(change.mode(), policy.mode()),
                Objects.requireNonNullElse(change.warnPercent(), policy.warnPercent()),
                policy.origin(),
                policy.createdBy(),
                policy.createdAt(),
                Instant.now(),
                policy.revision() + 1,
                policy.currency(),
                policy.plan());
    }

    static PolicyStatus status(
            FakeState state,
            Policy policy,
            long used,
            long reserved,
            long unreconciled,
            long refused) {
        long amount = policy.amount();
        boolean isCalendar = policy.window().isQuota() && policy.window() != Window.LIFETIME;
        Instant now = Instant.now();
        return new PolicyStatus(
                policy,
                state.tenants.stream()
                        .filter(tenant -> tenant.id().equals(policy.tenantId()))
                        .findFirst()
                        .orElseThrow()
                        .slug(),
                policy.window().isQuota() ? now.minusSeconds(3_600) : null,
                isCalendar ? now.plus(rest(policy.window())) : null,
                used,
                reserved,
                unreconciled,
                Math.max(0, amount - used - reserved - unreconciled),
                refused,
                amount == 0 ? 100 : (int) (100 * (used + unreconciled) / amount));
    }

    private static Duration rest(Window window) {
        return switch (window) {
            case HOUR -> Duration.ofMinutes(23);
            case DAY -> Duration.ofMinutes(5 * 60 + 1);
            default -> Duration.ofDays(8);
        };
    }

    private static PolicyStatus changeable(
            FakeRegistry.Call call, TenantId tenant, Origin as, int idGroup) {
        requireWriter(call, as);
        PolicyStatus found = find(call, tenant, call.part(idGroup));
        if (as == Origin.TENANT && found.policy().origin() == Origin.PLATFORM) {
            throw insufficient("Set by the platform.");
        }
        return found;
    }

    private static PolicyStatus find(FakeRegistry.Call call, TenantId tenant, String id) {
        return call.state().policies.stream()
                .filter(status -> status.policy().id().toString().equals(id))
                .filter(status -> status.policy().tenantId().equals(tenant))
                .findFirst()
                .orElseThrow(FakeApi::absent);
    }

    private static void requireWriter(FakeRegistry.Call call, Origin origin) {
        if (origin == Origin.TENANT && call.state().role != Role.OWNER) {
            throw insufficient("quota:admin is needed.");
        }
    }

    private static Refused insufficient(String detail) {
        return new Refused(403, ErrorCode.INSUFFICIENT_SCOPE, detail);
    }

    private static Refused invalid(String detail) {
        return new Refused(400, ErrorCode.INVALID_REQUEST, detail);
    }
}
