package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.error.RegistryException;

/** An owner of the tenant would change what the platform set. */
public final class PlatformPolicyException extends RegistryException {
    public PlatformPolicyException() {
        super(
                ErrorCode.INSUFFICIENT_SCOPE,
                "The policy was set by the platform; changing it needs the scope '"
                        + Scope.PLATFORM_ADMIN.wireName()
                        + "'.");
    }
}
