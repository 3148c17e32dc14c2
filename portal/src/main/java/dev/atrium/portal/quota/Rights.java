package dev.atrium.portal.quota;

import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;

/** What the reader may do with limits; decides what is offered, the registry what is done. */
enum Rights {
    /** Sees them. */
    READER,
    /** Is held to them, so may ask for more. */
    CALLER,
    /** Makes limits of the tenant, and changes those. */
    OWNER,
    /** Makes limits of the platform, and changes all. */
    PLATFORM;

    static Rights in(CurrentUser currentUser) {
        if (currentUser.may(Scope.QUOTA_ADMIN)) {
            return OWNER;
        }
        return currentUser.may(Scope.INFERENCE_INVOKE) ? CALLER : READER;
    }

    boolean mayCreate() {
        return this == OWNER || this == PLATFORM;
    }

    boolean mayChange(Policy policy) {
        return switch (this) {
            case READER, CALLER -> false;
            case OWNER -> policy.origin() == Origin.TENANT;
            case PLATFORM -> true;
        };
    }

    /** Whoever may not change a limit may ask for more of it. */
    boolean mayAsk(Policy policy) {
        return this == CALLER || isBound(policy);
    }

    /** Somebody who changes limits sees here one that somebody else has set. */
    boolean isBound(Policy policy) {
        return this == OWNER && policy.origin() == Origin.PLATFORM;
    }
}
