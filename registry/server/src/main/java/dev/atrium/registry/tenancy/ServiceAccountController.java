package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.CreateServiceAccount;
import dev.atrium.registry.api.tenancy.CreatedServiceAccount;
import dev.atrium.registry.api.tenancy.ServiceAccount;
import dev.atrium.registry.api.tenancy.ServiceAccountId;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/service-accounts")
@PreAuthorize("hasAuthority('SCOPE_members:manage')")
class ServiceAccountController {
    private final ServiceAccountService accounts;

    ServiceAccountController(ServiceAccountService accounts) {
        this.accounts = accounts;
    }

    @GetMapping
    Page<ServiceAccount> list(Caller caller, PageRequest page) {
        return accounts.list(caller.tenantId(), page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CreatedServiceAccount create(Caller caller, @RequestBody CreateServiceAccount wish) {
        return accounts.create(caller, wish);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Caller caller, @PathVariable UUID id) {
        accounts.delete(caller.tenantId(), new ServiceAccountId(id));
    }
}
