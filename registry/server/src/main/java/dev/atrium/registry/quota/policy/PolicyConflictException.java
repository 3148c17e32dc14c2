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

    static PolicyConflictException tooManyForEach(long wanted, int most) {
        return new PolicyConflictException(
                "The plan's limits for each project and key would make "
                        + wanted
                        + " policies of this tenant, "
                        + most
                        + " is the most there can be; it needs fewer keys, or a plan with fewer such"
                        + " limits.");
    }

    static PolicyConflictException changedMeanwhile() {
        return new PolicyConflictException(
                "One of the policies has changed since they were read; look again.");
    }

    static PolicyConflictException tooMany(int most) {
        return new PolicyConflictException(
                "The tenant has " + most + " quota policies, the most there can be; delete one.");
    }
}
