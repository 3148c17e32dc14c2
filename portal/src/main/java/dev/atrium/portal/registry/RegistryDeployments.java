package dev.atrium.portal.registry;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Which versions are wanted on nodes, at what size, and how far they are. */
@Component
public class RegistryDeployments {
    private final RegistryHttp http;

    RegistryDeployments(RegistryHttp http) {
        this.http = http;
    }

    /** Every deployment of the tenant. */
    public List<Deployment> all() {
        return http.all("/deployments", new TypeReference<>() {});
    }

    /** The deployment of a version; empty when it is not deployed. */
    public Optional<Deployment> of(ModelName model, int version) {
        try {
            return Optional.of(http.get(path(model, version), new TypeReference<Deployment>() {}));
        } catch (RegistryException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public Deployment deploy(ModelName model, int version, int replicas) {
        return http.send(
                "PUT", path(model, version), Deploy.replicas(replicas), new TypeReference<>() {});
    }

    /** Says whether replicas are never unloaded to make room for other models. */
    public Deployment pin(ModelName model, int version, int replicas, boolean pinned) {
        return http.send(
                "PUT",
                path(model, version),
                new Deploy(replicas, pinned, null),
                new TypeReference<>() {});
    }

    /**
     * Says after how long without a call replicas are unloaded, to be loaded by the next one.
     *
     * @param idleSeconds 0 for never
     */
    public Deployment unloadAfter(ModelName model, int version, int replicas, int idleSeconds) {
        return http.send(
                "PUT",
                path(model, version),
                new Deploy(replicas, null, idleSeconds),
                new TypeReference<>() {});
    }

    /** Says how it is computed, as a whole. */
    public Deployment compute(ModelName model, int version, int replicas, Execution execution) {
        return http.send(
                "PUT",
                path(model, version),
                Deploy.computed(replicas, execution),
                new TypeReference<>() {});
    }

    public void undeploy(ModelName model, int version) {
        http.send("DELETE", path(model, version), null);
    }

    private static String path(ModelName model, int version) {
        return RegistryModels.path(model) + "/versions/" + version + "/deployment";
    }
}
