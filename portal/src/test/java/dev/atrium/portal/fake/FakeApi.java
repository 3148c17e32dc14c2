package dev.atrium.portal.fake;

import dev.atrium.portal.fake.FakeRegistry.Refused;
import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.apikey.SetLabel;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.identity.SwitchTenant;
import dev.atrium.registry.api.node.CreateJoinToken;
import dev.atrium.registry.api.node.JoinToken;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantStatus;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.api.usage.CarbonSum;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergySum;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageGrouping;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Account, keys, usage, members and administration. */
final class FakeApi {
    private FakeApi() {}

    static void register(FakeRegistry registry) {
        registry.route("GET", "/me", call -> call.state().me());
        registry.route("PUT", "/me/tenant", FakeApi::switchTenant);
        registry.route("GET", "/api-keys", call -> page(call, call.state().apiKeys));
        registry.route("POST", "/api-keys", FakeApi::createKey);
        registry.route("DELETE", "/api-keys/([^/]+)", FakeApi::revokeKey);
        registry.route("PUT", "/api-keys/([^/]+)/label", FakeApi::relabelKey);
        registry.route("GET", "/usage/hourly", FakeApi::hourly);
        registry.route("GET", "/members", call -> page(call, call.state().members));
        registry.route("POST", "/members", FakeApi::addMember);
        registry.route("PATCH", "/members/([^/]+)", FakeApi::changeRole);
        registry.route("DELETE", "/members/([^/]+)", FakeApi::removeMember);
        registry.route("GET", "/admin/tenants", call -> page(call, call.state().tenants));
        registry.route("POST", "/admin/tenants", FakeApi::createTenant);
        registry.route("PATCH", "/admin/tenants/([^/]+)", FakeApi::setStatus);
        registry.route("POST", "/admin/tenants/([^/]+)/members", FakeApi::addMember);
        registry.route("GET", "/admin/nodes", call -> page(call, call.state().nodes));
        registry.route("GET", "/admin/gateways", call -> page(call, call.state().gateways));
        registry.route("POST", "/admin/join-tokens", FakeApi::createJoinToken);
    }

    static <T> Page<T> page(FakeRegistry.Call call, List<T> all) {
        int from = call.query("cursor") == null ? 0 : Integer.parseInt(call.query("cursor"));
        int limit = call.query("limit") == null ? 50 : Integer.parseInt(call.query("limit"));
        int to = Math.min(from + limit, all.size());
        return new Page<>(all.subList(from, to), to < all.size() ? String.valueOf(to) : null);
    }

    private static Object switchTenant(FakeRegistry.Call call) {
        SwitchTenant wanted = call.body(SwitchTenant.class);
        call.state().current =
                call.state().mine.stream()
                        .filter(tenant -> tenant.id().equals(wanted.tenantId()))
                        .findFirst()
                        .orElseThrow(FakeApi::absent);
        return null;
    }

    private static Object createKey(FakeRegistry.Call call) {
        CreateApiKey wanted = call.body(CreateApiKey.class);
        if (call.state().apiKeys.stream().anyMatch(key -> key.name().equals(wanted.name()))) {
            throw new Refused(
                    409,
                    ErrorCode.NAME_TAKEN,
                    "There is already a key named '" + wanted.name() + "'; choose another name.");
        }
        String secret = ApiKeyFormat.generate();
        ApiKey key =
                new ApiKey(
                        ApiKeyFormat.parse(secret).orElseThrow().keyId(),
                        wanted.name(),
                        ApiKeyFormat.hint(secret),
                        wanted.scopes(),
                        wanted.allowedModels(),
                        wanted.requestsPerMinute() == null ? 600 : wanted.requestsPerMinute(),
                        Instant.now(),
                        wanted.expiresAt(),
                        null,
                        null,
                        "Ada Lovelace",
                        wanted.label());
        call.state().apiKeys.addFirst(key);
        return call.created(new CreatedApiKey(key, secret));
    }

    private static Object revokeKey(FakeRegistry.Call call) {
        changeKey(call, key -> changed(key, Instant.now(), key.label()));
        return null;
    }

    private static Object relabelKey(FakeRegistry.Call call) {
        String label = call.body(SetLabel.class).label();
        return changeKey(call, key -> changed(key, key.revokedAt(), label));
    }

    private static ApiKey changeKey(FakeRegistry.Call call, UnaryOperator<ApiKey> change) {
        List<ApiKey> keys = call.state().apiKeys;
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).id().equals(call.part(1))) {
                keys.set(i, change.apply(keys.get(i)));
                return keys.get(i);
            }
        }
        throw absent();
    }

    private static ApiKey changed(ApiKey key, Instant revokedAt, String label) {
        return new ApiKey(
                key.id(),
                key.name(),
                key.hint(),
                key.scopes(),
                key.allowedModels(),
                key.requestsPerMinute(),
                key.createdAt(),
                key.expiresAt(),
                revokedAt,
                key.lastUsedAt(),
                key.createdBy(),
                label);
    }

    private static Object hourly(FakeRegistry.Call call) {
        Instant from = Instant.parse(call.query("from"));
        Instant to = Instant.parse(call.query("to"));
        UsageGrouping grouping = UsageGrouping.valueOf(call.query("groupBy"));
        Map<String, List<UsageRecord>> groups =
                call.state().usage.stream()
                        .filter(r -> !r.openedAt().isBefore(from) && r.openedAt().isBefore(to))
                        .collect(
                                Collectors.groupingBy(
                                        r ->
                                                r.openedAt().truncatedTo(ChronoUnit.HOURS)
                                                        + "|"
                                                        + group(r, grouping),
                                        TreeMap::new,
                                        Collectors.toList()));
        return groups.entrySet().stream().map(e -> bucket(e.getKey(), e.getValue())).toList();
    }

    private static String group(UsageRecord usage, UsageGrouping grouping) {
        return switch (grouping) {
            case NONE -> "";
            case MODEL -> usage.modelName().toString();
            case PRINCIPAL -> usage.principalId();
            case OPERATION -> usage.operation().name();
            case LABEL -> usage.label() == null ? "" : usage.label();
        };
    }

    private static UsageBucket bucket(String key, List<UsageRecord> calls) {
        int bar = key.indexOf('|');
        String group = key.substring(bar + 1);
        return new UsageBucket(
                Instant.parse(key.substring(0, bar)),
                group.isEmpty() ? null : group,
                calls.size(),
                calls.stream().filter(c -> c.outcome() != Outcome.OK).count(),
                calls.stream().mapToLong(UsageRecord::inputTokens).sum(),
                calls.stream().mapToLong(UsageRecord::outputTokens).sum(),
                calls.stream().mapToLong(UsageRecord::computeMicros).sum(),
                costs(calls),
                energy(calls),
                calls.stream().map(UsageRecord::media).reduce(null, Media::both));
    }

    private static @Nullable EnergySum energy(List<UsageRecord> calls) {
        List<Energy> known =
                calls.stream().map(UsageRecord::energy).filter(Objects::nonNull).toList();
        List<Long> carbon =
                known.stream().map(Energy::carbonNanograms).filter(Objects::nonNull).toList();
        return EnergySum.of(
                known.size(),
                0,
                known.stream().mapToLong(Energy::microjoules).sum(),
                CarbonSum.of(carbon.size(), 0, carbon.stream().mapToLong(Long::longValue).sum()));
    }

    private static List<Cost> costs(List<UsageRecord> calls) {
        List<Cost> paid = calls.stream().map(UsageRecord::cost).filter(Objects::nonNull).toList();
        return paid.isEmpty()
                ? List.of()
                : List.of(
                        new Cost(
                                paid.stream().mapToLong(Cost::micros).sum(),
                                paid.getFirst().currency()));
    }

    private static Object addMember(FakeRegistry.Call call) {
        AddMember wanted = call.body(AddMember.class);
        if (!wanted.email().contains("@")) {
            throw new Refused(
                    400,
                    ErrorCode.INVALID_REQUEST,
                    "'" + wanted.email() + "' is no e-mail address.");
        }
        Member member =
                new Member(
                        new UserId(UUID.randomUUID()),
                        wanted.email(),
                        wanted.displayName(),
                        wanted.role(),
                        true,
                        Instant.now());
        call.state().members.add(member);
        return call.created(new AddedMember(member, "Violet-Harbor-42-Lantern"));
    }

    private static Object changeRole(FakeRegistry.Call call) {
        Role role = call.body(new TypeReference<Map<String, Role>>() {}).get("role");
        List<Member> members = call.state().members;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.userId().toString().equals(call.part(1))) {
                Member changed =
                        new Member(
                                member.userId(),
                                member.email(),
                                member.displayName(),
                                role,
                                member.active(),
                                member.since());
                members.set(i, changed);
                return changed;
            }
        }
        throw absent();
    }

    private static Object removeMember(FakeRegistry.Call call) {
        call.state().members.removeIf(m -> m.userId().toString().equals(call.part(1)));
        return null;
    }

    private static Object createTenant(FakeRegistry.Call call) {
        CreateTenant wanted = call.body(CreateTenant.class);
        Tenant tenant = FakeState.tenant(wanted.slug(), wanted.name());
        call.state().tenants.addFirst(tenant);
        return call.created(tenant);
    }

    private static Object setStatus(FakeRegistry.Call call) {
        TenantStatus status =
                call.body(new TypeReference<Map<String, TenantStatus>>() {}).get("status");
        List<Tenant> tenants = call.state().tenants;
        for (int i = 0; i < tenants.size(); i++) {
            Tenant tenant = tenants.get(i);
            if (tenant.id().toString().equals(call.part(1))) {
                Tenant changed =
                        new Tenant(
                                tenant.id(),
                                tenant.slug(),
                                tenant.name(),
                                status,
                                tenant.timeZone(),
                                tenant.createdAt());
                tenants.set(i, changed);
                return changed;
            }
        }
        throw absent();
    }

    private static Object createJoinToken(FakeRegistry.Call call) {
        CreateJoinToken wanted = call.body(CreateJoinToken.class);
        return call.created(
                new JoinToken(
                        "atj_2vxk7mq9wcd4h8zr",
                        wanted.role(),
                        Instant.now().plus(60, ChronoUnit.MINUTES)));
    }

    static Refused absent() {
        return new Refused(404, ErrorCode.NOT_FOUND, "There is no such thing.");
    }
}
