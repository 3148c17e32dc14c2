package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.identity.SwitchTenant;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantStatus;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.identity.NotAUserException;
import dev.atrium.registry.identity.User;
import dev.atrium.registry.identity.Users;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who the caller is and where the caller's next tokens act. */
@RestController
@RequestMapping("/api/v1/me")
class MeController {
    private final Users users;
    private final TenantService tenants;
    private final ProjectService projects;
    private final MemberService members;

    MeController(
            Users users, TenantService tenants, ProjectService projects, MemberService members) {
        this.users = users;
        this.tenants = tenants;
        this.projects = projects;
        this.members = members;
    }

    @GetMapping
    Me read(Caller caller) {
        Optional<User> user =
                caller.kind() == PrincipalKind.USER
                        ? users.find(UserId.of(caller.principalId()))
                        : Optional.empty();
        Tenant tenant = tenants.find(caller.tenantId()).orElseThrow(TenantNotFoundException::new);
        return new Me(
                caller.kind(),
                caller.principalId(),
                user.map(User::email).orElse(null),
                user.map(User::displayName).orElse(caller.actor()),
                tenant,
                projects.get(caller.tenantId(), caller.projectId()),
                user.flatMap(it -> members.role(caller.tenantId(), it.id())).orElse(null),
                caller.scopes().stream().sorted().map(Scope::wireName).toList(),
                caller.platformAdmin(),
                user.map(User::mustChangePassword).orElse(false),
                user.map(it -> tenants.ofUser(it.id())).orElse(List.of(tenant)));
    }

    /** A tenant that the user is no member of is as absent as one that does not exist. */
    @PutMapping("/tenant")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void switchTenant(Caller caller, @RequestBody SwitchTenant request) {
        UserId user = NotAUserException.requireUser(caller);
        tenants.ofUser(user).stream()
                .filter(tenant -> tenant.id().equals(request.tenantId()))
                .filter(tenant -> tenant.status() == TenantStatus.ACTIVE)
                .findFirst()
                .orElseThrow(TenantNotFoundException::new);
        users.switchTenant(user, request.tenantId());
    }
}
