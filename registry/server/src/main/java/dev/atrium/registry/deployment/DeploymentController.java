package dev.atrium.registry.deployment;

import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.UpdateDeployment;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class DeploymentController {
    private static final String OF_VERSION = "/models/{tenant}/{name}/versions/{number}/deployment";

    private final DeploymentService deployments;

    DeploymentController(DeploymentService deployments) {
        this.deployments = deployments;
    }

    @GetMapping("/deployments")
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    Page<Deployment> list(Caller caller, PageRequest page) {
        return deployments.list(caller.tenantId(), page);
    }

    @GetMapping(OF_VERSION)
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    Deployment get(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable int number) {
        return deployments.get(caller.tenantId(), tenant, name, number);
    }

    @PutMapping(OF_VERSION)
    @PreAuthorize("hasAuthority('SCOPE_models:deploy')")
    Deployment deploy(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable int number,
            @RequestBody Deploy wish) {
        deployments.deploy(caller.tenantId(), tenant, name, number, wish);
        return deployments.get(caller.tenantId(), tenant, name, number);
    }

    @PatchMapping(OF_VERSION)
    @PreAuthorize("hasAuthority('SCOPE_models:deploy')")
    Deployment update(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable int number,
            @RequestBody UpdateDeployment wish) {
        deployments.update(caller.tenantId(), tenant, name, number, wish);
        return deployments.get(caller.tenantId(), tenant, name, number);
    }

    @DeleteMapping(OF_VERSION)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @PreAuthorize("hasAuthority('SCOPE_models:deploy')")
    void undeploy(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable int number) {
        deployments.undeploy(caller.tenantId(), tenant, name, number);
    }
}
