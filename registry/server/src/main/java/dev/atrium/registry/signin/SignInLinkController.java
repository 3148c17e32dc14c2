package dev.atrium.registry.signin;

import dev.atrium.registry.api.identity.CreateSignInLink;
import dev.atrium.registry.api.identity.SignInLink;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lets platform admins, and the launcher for its first user, make links. */
@RestController
class SignInLinkController {
    private final SignInLinks links;

    SignInLinkController(SignInLinks links) {
        this.links = links;
    }

    @PostMapping("/api/v1/admin/sign-in-links")
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize("hasAuthority('SCOPE_platform:admin')")
    SignInLink create(@RequestBody CreateSignInLink request) {
        return links.create(request.email());
    }
}
