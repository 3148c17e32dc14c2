package dev.atrium.registry.identity;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.error.RegistryException;

/** Something that only a person can do, asked for by a key or program. */
public class NotAUserException extends RegistryException {
    NotAUserException() {
        super(ErrorCode.INSUFFICIENT_SCOPE, "only a user can do this, not a key or program");
    }

    /** The id of the user who calls. */
    public static UserId requireUser(Caller caller) {
        if (caller.kind() != PrincipalKind.USER) {
            throw new NotAUserException();
        }
        return UserId.of(caller.principalId());
    }
}
