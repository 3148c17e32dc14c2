package dev.atrium.portal.registry;

import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.apikey.SetLabel;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** API keys of the user's tenant. */
@Component
public class RegistryApiKeys {
    private final RegistryHttp http;

    RegistryApiKeys(RegistryHttp http) {
        this.http = http;
    }

    public Page<ApiKey> list(@Nullable String cursor) {
        return http.get(
                Query.of("/api-keys").with("cursor", cursor).toString(), new TypeReference<>() {});
    }

    /** Of any tenant, for platform admins. */
    public List<ApiKey> of(TenantId tenant) {
        return http.all("/admin/tenants/" + tenant + "/api-keys", new TypeReference<>() {});
    }

    public List<ApiKey> all() {
        return http.all("/api-keys", new TypeReference<>() {});
    }

    public CreatedApiKey create(CreateApiKey request) {
        return http.send("POST", "/api-keys", request, new TypeReference<>() {});
    }

    public void relabel(String id, SetLabel request) {
        http.send("PUT", "/api-keys/" + Query.part(id) + "/label", request);
    }

    public void revoke(String id) {
        http.send("DELETE", "/api-keys/" + Query.part(id), null);
    }
}
