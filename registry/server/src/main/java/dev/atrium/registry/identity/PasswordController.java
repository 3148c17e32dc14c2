package dev.atrium.registry.identity;

import dev.atrium.registry.api.identity.ChangePassword;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lets users change their own password. */
@RestController
class PasswordController {
    private final Users users;

    PasswordController(Users users) {
        this.users = users;
    }

    @PutMapping("/api/v1/me/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void change(Caller caller, @RequestBody ChangePassword request) {
        users.changePassword(
                NotAUserException.requireUser(caller),
                request.currentPassword(),
                request.newPassword());
    }
}
