package dev.atrium.registry.apikey;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** A key was asked for with a scope that its creator does not hold or that no key may carry. */
public final class ScopeNotHeldException extends RegistryException {
    ScopeNotHeldException(String scope) {
        super(
                ErrorCode.INSUFFICIENT_SCOPE,
                "Scope '" + scope + "' cannot be given to this key: you do not hold it.");
    }
}
