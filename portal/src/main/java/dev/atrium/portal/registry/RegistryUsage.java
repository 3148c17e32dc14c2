package dev.atrium.portal.registry;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageGrouping;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Instant;
import java.util.List;
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

    public Page<UsageRecord> records(Instant from, Instant to, int limit, @Nullable String cursor) {
        return http.get(
                Query.of("/usage/records")
                        .with("from", from)
                        .with("to", to)
                        .with("limit", limit)
                        .with("cursor", cursor)
                        .toString(),
                new TypeReference<>() {});
    }
}
