package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The policies are not as the caller thinks. */
public final class PolicyConflictException extends RegistryException {
    private PolicyConflictException(String message) {
        super(ErrorCode.CONFLICT, message);
    }

    public static PolicyConflictException otherRevision(int sent, int present) {
        return new PolicyConflictException(
                "'revision' is "
                        + sent
                        + " but the policy is at "
                        + present
                        + "; read it again and repeat");
    }

    static PolicyConflictException tooMany(int most) {
        return new PolicyConflictException(
                "The tenant has " + most + " quota policies, the most there can be; delete one.");
    }
}
