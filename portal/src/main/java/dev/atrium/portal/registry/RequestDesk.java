package dev.atrium.portal.registry;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.DecideQuotaRequest;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequestId;
import dev.atrium.registry.api.quota.RequestState;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Requests for more as those see them who decide. */
public final class RequestDesk {
    private final RegistryHttp http;
    private final String base;

    RequestDesk(RegistryHttp http, String base) {
        this.http = http;
        this.base = base;
    }

    /**
     * Newest first.
     *
     * @param state null for every one
     */
    public Page<QuotaRequest> page(@Nullable RequestState state, @Nullable String cursor) {
        return http.get(
                Query.of(base).with("state", state).with("cursor", cursor).toString(),
                new TypeReference<>() {});
    }

    /** How many wait for whoever decides on policies of this origin; as far as one answer holds. */
    public long open(Origin origin) {
        Page<QuotaRequest> page =
                http.get(
                        Query.of(base)
                                .with("state", RequestState.OPEN)
                                .with("limit", RegistryHttp.LARGEST_PAGE)
                                .toString(),
                        new TypeReference<>() {});
        return page.items().stream().filter(request -> request.policy().origin() == origin).count();
    }

    public QuotaRequest get(QuotaRequestId id) {
        return http.get(base + "/" + id, new TypeReference<>() {});
    }

    public QuotaRequest decide(QuotaRequestId id, DecideQuotaRequest decision) {
        return http.send("POST", base + "/" + id + "/decision", decision, new TypeReference<>() {});
    }
}
