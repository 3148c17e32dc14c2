package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.usage.Operation;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;

/**
 * The parameters of a report as they come; a list may be repeated or have commas.
 *
 * @param groupBy hour or day, tenant (platform only), project, principal, model, version,
 *     operation, label
 * @param from default a day before {@code to}; counts from the beginning of its hour
 * @param to default now; not part of it
 * @param zone IANA zone in which days begin; default the tenant's, UTC for all tenants together
 * @param project only these, as all that follow
 */
@ParameterObject
record Question(
        @Nullable List<String> groupBy,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String zone,
        @Nullable List<UUID> project,
        @Nullable List<String> principal,
        @Nullable List<String> model,
        @Nullable List<Integer> version,
        @Nullable List<Operation> operation,
        @Nullable List<String> label) {}
