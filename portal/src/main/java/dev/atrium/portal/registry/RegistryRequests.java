package dev.atrium.portal.registry;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreateQuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequestId;
import dev.atrium.registry.api.quota.RequestState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Requests for more of a quota: the user's own, and those that the user decides. */
@Component
public class RegistryRequests {
    private static final String REQUESTS = "/quota-requests";

    private final RegistryHttp http;

    RegistryRequests(RegistryHttp http) {
        this.http = http;
    }

    /** Of the user's tenant. */
    public RequestDesk own() {
        return new RequestDesk(http, REQUESTS);
    }

    /** Of all tenants, for platform admins. */
    public RequestDesk all() {
        return new RequestDesk(http, "/admin" + REQUESTS);
    }

    /** What the user has asked for, newest first. */
    public Page<QuotaRequest> mine(@Nullable String cursor) {
        return http.get(
                Query.of(REQUESTS).with("mine", true).with("cursor", cursor).toString(),
                new TypeReference<>() {});
    }

    /** At most one per limit, so one answer holds all. */
    public List<QuotaRequest> myOpen() {
        Page<QuotaRequest> page =
                http.get(
                        Query.of(REQUESTS)
                                .with("mine", true)
                                .with("state", RequestState.OPEN)
                                .with("limit", RegistryHttp.LARGEST_PAGE)
                                .toString(),
                        new TypeReference<>() {});
        return page.items();
    }

    public QuotaRequest ask(CreateQuotaRequest request) {
        return http.send("POST", REQUESTS, request, new TypeReference<>() {});
    }

    public void withdraw(QuotaRequestId id) {
        http.send("DELETE", REQUESTS + "/" + id, null);
    }

    public void markRead(QuotaRequestId id) {
        http.send("PUT", REQUESTS + "/" + id + "/read", Map.of());
    }
}
