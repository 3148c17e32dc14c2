package dev.atrium.gateway.organization;

import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.UsageSums;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The registry's sums of one tenant. */
@Component
class RegistrySums {
    private final RegistryClient registry;

    RegistrySums(RegistryClient registry) {
        this.registry = registry;
    }

    /** Waits for the registry. */
    UsageSums of(TenantId tenant, Question question) throws InterruptedException {
        return registry.get(path(tenant, question), Duration.ZERO, UsageSums.class);
    }

    static String path(TenantId tenant, Question question) {
        Set<String> dimensions = new LinkedHashSet<>();
        dimensions.add(question.width() == BucketWidth.HOUR ? "hour" : "day");
        question.groupBy().forEach(member -> dimensions.addAll(member.dimensions()));
        StringBuilder path = new StringBuilder("/internal/v1/usage/sums?tenant=").append(tenant);
        add(path, "zone", List.of("UTC"));
        add(path, "from", List.of(question.first().toString()));
        add(path, "to", List.of(question.pageEnd().toString()));
        add(path, "groupBy", List.copyOf(dimensions));
        question.kind()
                .operation()
                .ifPresent(operation -> add(path, "operation", List.of(operation.name())));
        add(path, "project", question.projects());
        add(path, "principal", question.principals());
        add(path, "model", question.models());
        return path.toString();
    }

    private static void add(StringBuilder path, String name, List<String> values) {
        for (String value : values) {
            path.append('&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
