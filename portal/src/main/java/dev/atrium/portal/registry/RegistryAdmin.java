package dev.atrium.portal.registry;

import dev.atrium.registry.api.node.CreateJoinToken;
import dev.atrium.registry.api.node.Gateway;
import dev.atrium.registry.api.node.JoinToken;
import dev.atrium.registry.api.node.Node;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.TenantStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** What only platform admins see: every tenant, and the machines. */
@Component
public class RegistryAdmin {
    private final RegistryHttp http;

    RegistryAdmin(RegistryHttp http) {
        this.http = http;
    }

    public Page<Tenant> tenants(@Nullable String cursor) {
        return page("/admin/tenants", cursor, new TypeReference<>() {});
    }

    public List<Tenant> allTenants() {
        return http.all("/admin/tenants", new TypeReference<>() {});
    }

    public Tenant createTenant(CreateTenant request) {
        return http.send("POST", "/admin/tenants", request, new TypeReference<>() {});
    }

    public Tenant setStatus(TenantId tenant, TenantStatus status) {
        return http.send(
                "PATCH",
                "/admin/tenants/" + tenant,
                Map.of("status", status),
                new TypeReference<>() {});
    }

    public AddedMember addMember(TenantId tenant, AddMember request) {
        return http.send(
                "POST", "/admin/tenants/" + tenant + "/members", request, new TypeReference<>() {});
    }

    public Page<Node> nodes(@Nullable String cursor) {
        return page("/admin/nodes", cursor, new TypeReference<>() {});
    }

    public Page<Gateway> gateways(@Nullable String cursor) {
        return page("/admin/gateways", cursor, new TypeReference<>() {});
    }

    public JoinToken createJoinToken(CreateJoinToken request) {
        return http.send("POST", "/admin/join-tokens", request, new TypeReference<>() {});
    }

    private <T> Page<T> page(String path, @Nullable String cursor, TypeReference<Page<T>> type) {
        return http.get(Query.of(path).with("cursor", cursor).toString(), type);
    }
}
