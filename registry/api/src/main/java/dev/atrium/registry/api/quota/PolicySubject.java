package dev.atrium.registry.api.quota;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.tenancy.ProjectId;
import org.jspecify.annotations.Nullable;

/**
 * Whose calls a policy counts: those of a project, of an API key or to a model; with none of them
 * every call of the tenant. At most one is given.
 *
 * @param apiKeyId id of an API key of the tenant
 */
public record PolicySubject(
        @Nullable ProjectId projectId, @Nullable String apiKeyId, @Nullable ModelName model) {
    public static final PolicySubject TENANT = new PolicySubject(null, null, null);

    public PolicySubject {
        int given =
                (projectId == null ? 0 : 1) + (apiKeyId == null ? 0 : 1) + (model == null ? 0 : 1);
        if (given > 1) {
            throw new IllegalArgumentException(
                    "a policy is for a project, an API key or a model, not for several of them");
        }
    }

    public boolean covers(ProjectId project, String principalId, ModelName called) {
        return (projectId == null || projectId.equals(project))
                && (apiKeyId == null || apiKeyId.equals(principalId))
                && (model == null || model.equals(called));
    }
}
