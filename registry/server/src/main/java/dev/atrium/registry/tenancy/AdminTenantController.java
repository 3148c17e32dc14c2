package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.ChangeTenantStatus;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.paging.PageRequest;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/admin/tenants")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class AdminTenantController {
    private final TenantService tenants;
    private final MemberService members;
    private final ProjectService projects;

    AdminTenantController(TenantService tenants, MemberService members, ProjectService projects) {
        this.tenants = tenants;
        this.members = members;
        this.projects = projects;
    }

    @GetMapping
    Page<Tenant> list(PageRequest page) {
        return tenants.list(page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Tenant create(@RequestBody CreateTenant wish) {
        return tenants.create(wish);
    }

    @PatchMapping("/{id}")
    Tenant changeStatus(@PathVariable UUID id, @RequestBody ChangeTenantStatus wish) {
        return tenants.changeStatus(new TenantId(id), wish.status());
    }

    @GetMapping("/{id}/projects")
    Page<Project> projects(@PathVariable UUID id, PageRequest page) {
        TenantId tenant = tenants.get(new TenantId(id)).id();
        return TenantScope.call(tenant, () -> projects.list(tenant, page));
    }

    @GetMapping("/{id}/members")
    Page<Member> members(@PathVariable UUID id, PageRequest page) {
        return members.list(new TenantId(id), page);
    }

    @PostMapping("/{id}/members")
    @ResponseStatus(HttpStatus.CREATED)
    AddedMember addMember(@PathVariable UUID id, @RequestBody AddMember wish) {
        return members.add(new TenantId(id), wish);
    }
}
