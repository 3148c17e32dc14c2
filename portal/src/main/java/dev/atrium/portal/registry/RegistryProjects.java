package dev.atrium.portal.registry;

import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Projects of the user's tenant. */
@Component
public class RegistryProjects {
    private final RegistryHttp http;

    RegistryProjects(RegistryHttp http) {
        this.http = http;
    }

    /** Of any tenant, for platform admins. */
    public List<Project> of(TenantId tenant) {
        return http.all("/admin/tenants/" + tenant + "/projects", new TypeReference<>() {});
    }

    public List<Project> all() {
        return http.all("/projects", new TypeReference<>() {});
    }
}
