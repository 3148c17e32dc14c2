package dev.atrium.portal.quota;

import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;

/** What the reader may do with limits; decides what is offered, the registry what is done. */
enum Rights {
    /** Sees them. */
    READER,
    /** Makes limits of the tenant, and changes those. */
    OWNER,
    /** Makes limits of the platform, and changes all. */
    PLATFORM;

    static Rights in(CurrentUser currentUser) {
        return currentUser.may(Scope.QUOTA_ADMIN) ? OWNER : READER;
    }

    boolean mayCreate() {
        return this != READER;
    }

    boolean mayChange(Policy policy) {
        return switch (this) {
            case READER -> false;
            case OWNER -> policy.origin() == Origin.TENANT;
            case PLATFORM -> true;
        };
    }

    /** Somebody who changes limits sees here one that somebody else has set. */
    boolean isBound(Policy policy) {
        return this == OWNER && policy.origin() == Origin.PLATFORM;
    }
}
