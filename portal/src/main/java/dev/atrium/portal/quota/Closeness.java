package dev.atrium.portal.quota;

import dev.atrium.registry.api.quota.PolicyStatus;

/** How near a policy is to its limit, by its own warning. */
enum Closeness {
    CALM,
    CLOSE,
    SPENT;

    private static final int ALL = 100;

    static Closeness of(PolicyStatus status) {
        if (status.percent() >= ALL) {
            return SPENT;
        }
        return status.percent() >= status.policy().warnPercent() ? CLOSE : CALM;
    }
}
