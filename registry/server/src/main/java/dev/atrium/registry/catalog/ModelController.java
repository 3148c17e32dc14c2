package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.SetAlias;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.UpdateModel;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/models")
class ModelController {
    private final ModelService models;
    private final ModelRemoval removal;
    private final AliasService aliases;

    ModelController(ModelService models, ModelRemoval removal, AliasService aliases) {
        this.models = models;
        this.removal = removal;
        this.aliases = aliases;
    }

    @GetMapping
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    Page<Model> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable Task task,
            PageRequest page) {
        return models.list(caller.tenantId(), q, task, page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize("hasAuthority('SCOPE_models:write')")
    Model create(Caller caller, @RequestBody CreateModel wish) {
        return models.create(caller, wish);
    }

    @GetMapping("/{tenant}/{name}")
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    Model get(Caller caller, @PathVariable String tenant, @PathVariable String name) {
        return models.get(caller.tenantId(), tenant, name);
    }

    @PatchMapping("/{tenant}/{name}")
    @PreAuthorize("hasAuthority('SCOPE_models:write')")
    Model update(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @RequestBody UpdateModel wish) {
        return models.update(caller, tenant, name, wish);
    }

    @DeleteMapping("/{tenant}/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @PreAuthorize("hasAuthority('SCOPE_models:write')")
    void remove(Caller caller, @PathVariable String tenant, @PathVariable String name) {
        removal.remove(caller.tenantId(), tenant, name);
    }

    @GetMapping("/{tenant}/{name}/aliases")
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    Map<String, Integer> aliases(@PathVariable String tenant, @PathVariable String name) {
        return aliases.aliases(tenant, name);
    }

    @PutMapping("/{tenant}/{name}/aliases/{alias}")
    @PreAuthorize("hasAuthority('SCOPE_models:deploy')")
    Model moveAlias(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable String alias,
            @RequestBody SetAlias wish) {
        return aliases.move(caller, tenant, name, alias, wish.version());
    }
}
