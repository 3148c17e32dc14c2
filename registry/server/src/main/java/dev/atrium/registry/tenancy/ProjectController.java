package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.CreateProject;
import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/projects")
class ProjectController {
    private final ProjectService projects;

    ProjectController(ProjectService projects) {
        this.projects = projects;
    }

    @GetMapping
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    Page<Project> list(Caller caller, PageRequest page) {
        return projects.list(caller.tenantId(), page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize("hasAuthority('SCOPE_members:manage')")
    Project create(Caller caller, @RequestBody CreateProject wish) {
        return projects.create(caller.tenantId(), wish);
    }
}
