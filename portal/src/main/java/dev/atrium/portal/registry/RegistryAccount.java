package dev.atrium.portal.registry;

import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.SwitchTenant;
import dev.atrium.registry.api.tenancy.TenantId;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** The signed-in user's own account. */
@Component
public class RegistryAccount {
    private final RegistryHttp http;
    private final BearerTokens tokens;

    RegistryAccount(RegistryHttp http, BearerTokens tokens) {
        this.http = http;
        this.tokens = tokens;
    }

    public Me me() {
        return http.get("/me", new TypeReference<>() {});
    }

    /** Moves the user to another of their tenants; the token is renewed, as it names the tenant. */
    public void switchTenant(TenantId tenant) {
        http.send("PUT", "/me/tenant", new SwitchTenant(tenant));
        tokens.renewed();
    }
}
