package dev.atrium.registry.catalog;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.error.RegistryException;

/** A part of what was asked needs a further scope. */
public final class MissingScopeException extends RegistryException {
    MissingScopeException(String what, Scope scope) {
        super(
                ErrorCode.INSUFFICIENT_SCOPE,
                what + " needs the scope '" + scope.wireName() + "', which the credential lacks");
    }
}
