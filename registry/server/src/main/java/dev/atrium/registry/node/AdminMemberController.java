package dev.atrium.registry.node;

import dev.atrium.registry.api.node.CreateJoinToken;
import dev.atrium.registry.api.node.Gateway;
import dev.atrium.registry.api.node.JoinToken;
import dev.atrium.registry.api.node.Node;
import dev.atrium.registry.api.paging.Page;
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
@RequestMapping("/api/v1/admin")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class AdminMemberController {
    private final MemberDirectory members;
    private final JoinTokens tokens;

    AdminMemberController(MemberDirectory members, JoinTokens tokens) {
        this.members = members;
        this.tokens = tokens;
    }

    @GetMapping("/nodes")
    Page<Node> nodes(PageRequest page) {
        return members.nodes(page);
    }

    @GetMapping("/gateways")
    Page<Gateway> gateways(PageRequest page) {
        return members.gateways(page);
    }

    @PostMapping("/join-tokens")
    @ResponseStatus(HttpStatus.CREATED)
    JoinToken create(@RequestBody CreateJoinToken wish) {
        return tokens.create(wish);
    }
}
