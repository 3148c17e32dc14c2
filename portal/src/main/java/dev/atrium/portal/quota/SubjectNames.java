package dev.atrium.portal.quota;

import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryProjects;
import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.api.tenancy.ProjectId;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the projects and keys of a policy are called, as far as the reader may see them; where they
 * are not known, their ids stand for them.
 */
record SubjectNames(Map<String, String> projects, Map<String, String> keys)
        implements Serializable {
    /** For lists over all tenants. */
    static final SubjectNames UNKNOWN = new SubjectNames(Map.of(), Map.of());

    SubjectNames {
        projects = Map.copyOf(projects);
        keys = Map.copyOf(keys);
    }

    static SubjectNames load(
            RegistryProjects projects, RegistryApiKeys keys, CurrentUser currentUser) {
        List<Project> visible =
                currentUser.may(Scope.MODELS_READ) ? projects.all() : List.<Project>of();
        List<ApiKey> known = currentUser.may(Scope.KEYS_MANAGE) ? keys.all() : List.<ApiKey>of();
        return of(visible, known);
    }

    static SubjectNames of(List<Project> projects, List<ApiKey> keys) {
        return new SubjectNames(
                projects.stream()
                        .collect(Collectors.toMap(each -> each.id().toString(), Project::name)),
                keys.stream().collect(Collectors.toMap(ApiKey::id, ApiKey::name)));
    }

    String project(ProjectId id) {
        return projects.getOrDefault(id.toString(), id.toString());
    }

    String key(String id) {
        return keys.getOrDefault(id, id);
    }
}
