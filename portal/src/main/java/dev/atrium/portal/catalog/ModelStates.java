package dev.atrium.portal.catalog;

import dev.atrium.portal.deployment.DeploymentState;
import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.portal.gateway.GatewayException;
import dev.atrium.portal.registry.RegistryDeployments;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.deployment.Deployment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the models on a page are. The tenant's own deployments come from the registry; of models
 * that others offer only the gateway knows whether they answer.
 */
final class ModelStates {
    private static final Logger log = LoggerFactory.getLogger(ModelStates.class);

    private final Map<ModelName, List<Deployment>> deployments;
    private final Set<String> callable;

    private ModelStates(Map<ModelName, List<Deployment>> deployments, Set<String> callable) {
        this.deployments = deployments;
        this.callable = callable;
    }

    static ModelStates load(RegistryDeployments deployments, GatewayClient gateway) {
        return new ModelStates(
                deployments.all().stream().collect(Collectors.groupingBy(Deployment::model)),
                callable(gateway));
    }

    private static Set<String> callable(GatewayClient gateway) {
        try {
            return gateway.callableModels();
        } catch (GatewayException e) {
            log.warn("Models of other tenants are shown without state: {}", e.getMessage());
            return Set.of();
        }
    }

    /** The deployments of a model by version number. */
    Map<Integer, Deployment> versionsOf(Model model) {
        return deployments.getOrDefault(model.name(), List.of()).stream()
                .collect(Collectors.toMap(Deployment::version, each -> each, (a, b) -> b));
    }

    DeploymentState of(Model model) {
        List<Deployment> own = deployments.getOrDefault(model.name(), List.of());
        if (own.isEmpty() && callable.contains(model.name().toString())) {
            return DeploymentState.READY;
        }
        return DeploymentState.best(own);
    }
}
