package dev.atrium.portal.registry;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.LoggedCall;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageGrouping;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** The tenant's ledger, as hourly sums and call by call. */
@Component
public class RegistryUsage {
    private final RegistryHttp http;

    RegistryUsage(RegistryHttp http) {
        this.http = http;
    }

    public List<UsageBucket> hourly(Instant from, Instant to, UsageGrouping groupBy) {
        return http.get(
                Query.of("/usage/hourly")
                        .with("from", from)
                        .with("to", to)
                        .with("groupBy", groupBy)
                        .toString(),
                new TypeReference<>() {});
    }

    /** Newest first, the refused ones among them. */
    public Page<LoggedCall> calls(CallSearch search, int limit, @Nullable String cursor) {
        return http.get(
                Query.of("/calls")
                        .with("from", search.from())
                        .with("to", search.to())
                        .with("principal", search.principal())
                        .with("model", search.model())
                        .with("outcome", search.outcome())
                        .with("code", search.code())
                        .with("label", search.label())
                        .with("limit", limit)
                        .with("cursor", cursor)
                        .toString(),
                new TypeReference<>() {});
    }

    /** Refused calls that were only counted, the newest minutes first. */
    public Page<UnlistedRefusals> unlisted(CallSearch search, int limit) {
        return http.get(
                Query.of("/calls/unlisted")
                        .with("from", search.from())
                        .with("to", search.to())
                        .with("code", search.code())
                        .with("limit", limit)
                        .toString(),
                new TypeReference<>() {});
    }

    /** Empty where the registry knows of no such call, or not yet. */
    public Optional<CallDetails> call(UUID callId) {
        try {
            return Optional.of(http.get("/calls/" + callId, new TypeReference<CallDetails>() {}));
        } catch (RegistryException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
