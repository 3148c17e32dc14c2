package dev.atrium.registry.apikey;

import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.apikey.SetLabel;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/api-keys")
@PreAuthorize("hasAuthority('SCOPE_keys:manage')")
class ApiKeyController {
    private final ApiKeyService keys;

    ApiKeyController(ApiKeyService keys) {
        this.keys = keys;
    }

    @GetMapping
    Page<ApiKey> list(Caller caller, PageRequest page) {
        return keys.list(caller.tenantId(), page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CreatedApiKey create(Caller caller, @RequestBody CreateApiKey wish) {
        return keys.create(caller, wish);
    }

    @GetMapping("/{id}")
    ApiKey get(Caller caller, @PathVariable String id) {
        return keys.get(caller.tenantId(), id);
    }

    /** The cost centre is the owners' to say, as limits and budgets are. */
    @PutMapping("/{id}/label")
    @PreAuthorize("hasAuthority('SCOPE_quota:admin')")
    ApiKey relabel(Caller caller, @PathVariable String id, @RequestBody SetLabel wish) {
        return keys.relabel(caller.tenantId(), id, wish);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(Caller caller, @PathVariable String id) {
        keys.revoke(caller.tenantId(), id);
    }
}
