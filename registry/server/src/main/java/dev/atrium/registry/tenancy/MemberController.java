package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.ChangeRole;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/members")
class MemberController {
    private final MemberService members;

    MemberController(MemberService members) {
        this.members = members;
    }

    @GetMapping
    @PreAuthorize("hasAuthority('SCOPE_models:read')")
    Page<Member> list(Caller caller, PageRequest page) {
        return members.list(caller.tenantId(), page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize("hasAuthority('SCOPE_members:manage')")
    AddedMember add(Caller caller, @RequestBody AddMember wish) {
        return members.add(caller.tenantId(), wish);
    }

    @PatchMapping("/{userId}")
    @PreAuthorize("hasAuthority('SCOPE_members:manage')")
    Member changeRole(Caller caller, @PathVariable UUID userId, @RequestBody ChangeRole wish) {
        return members.changeRole(caller.tenantId(), new UserId(userId), wish.role());
    }

    @DeleteMapping("/{userId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @PreAuthorize("hasAuthority('SCOPE_members:manage')")
    void remove(Caller caller, @PathVariable UUID userId) {
        members.remove(caller.tenantId(), new UserId(userId));
    }
}
