package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.CompleteVersion;
import dev.atrium.registry.api.catalog.CreateVersion;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.UpdateVersion;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
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
@RequestMapping("/api/v1/models/{tenant}/{name}")
class VersionController {
    private final VersionService versions;
    private final SettingsChange settings;
    private final Upload upload;

    VersionController(VersionService versions, SettingsChange settings, Upload upload) {
        this.versions = versions;
        this.settings = settings;
        this.upload = upload;
    }

    @GetMapping("/versions")
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    Page<ModelVersion> list(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            PageRequest page) {
        return versions.list(caller.tenantId(), tenant, name, page);
    }

    @PostMapping("/versions")
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize("hasAuthority('SCOPE_models:write')")
    ModelVersion create(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @RequestBody(required = false) @Nullable CreateVersion wish) {
        return versions.create(
                caller, tenant, name, wish == null ? new CreateVersion(null, null) : wish);
    }

    @GetMapping("/versions/{number}")
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    ModelVersion get(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable int number) {
        return versions.get(caller.tenantId(), tenant, name, number);
    }

    @PatchMapping("/versions/{number}")
    @PreAuthorize("hasAuthority('SCOPE_models:write')")
    ModelVersion update(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable int number,
            @RequestBody UpdateVersion wish) {
        return settings.change(caller.tenantId(), tenant, name, number, wish);
    }

    @PutMapping("/versions/{number}/files/{path}")
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize("hasAuthority('SCOPE_models:write')")
    ModelFile put(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable int number,
            @PathVariable String path,
            HttpServletRequest request)
            throws IOException {
        return upload.file(caller, tenant, name, number, path, UploadBody.of(request));
    }

    @PostMapping("/versions/{number}/complete")
    @PreAuthorize("hasAuthority('SCOPE_models:write')")
    ModelVersion complete(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @PathVariable int number,
            @RequestBody(required = false) @Nullable CompleteVersion wish) {
        boolean deploy = wish != null && Boolean.TRUE.equals(wish.deploy());
        return upload.complete(caller, tenant, name, number, then(deploy));
    }

    @PostMapping("/upload")
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize("hasAuthority('SCOPE_models:write')")
    ModelVersion upload(
            Caller caller,
            @PathVariable String tenant,
            @PathVariable String name,
            @RequestParam String file,
            @RequestParam(required = false) @Nullable Task task,
            @RequestParam(defaultValue = "false") boolean deploy,
            HttpServletRequest request)
            throws IOException {
        UploadBody body = UploadBody.of(request);
        return upload.whole(caller, tenant, name, file, task, then(deploy), body);
    }

    private static VersionCompletion.Then then(boolean deploy) {
        return deploy ? VersionCompletion.Then.DEPLOY : VersionCompletion.Then.NOTHING;
    }
}
