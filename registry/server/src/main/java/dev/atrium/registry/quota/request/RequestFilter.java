package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Which requests to read; null is every one.
 *
 * @param requester principal id of who asked
 * @param origin who set the policy, and so who decides
 */
record RequestFilter(
        @Nullable TenantId tenant,
        @Nullable String requester,
        @Nullable RequestState state,
        @Nullable Origin origin) {
    /** For the name of a list, so that a cursor fits this filter only. */
    String list() {
        return "quota-requests " + requester + " " + state + " " + origin;
    }
}
