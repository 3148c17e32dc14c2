package dev.atrium.gateway.metering;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Records for journal tests. */
final class Calls {
    private Calls() {}

    static OpenCall open(UUID id) {
        return new OpenCall(
                id,
                new TenantId(UUID.randomUUID()),
                new ProjectId(UUID.randomUUID()),
                PrincipalKind.API_KEY,
                "key",
                new ModelId(UUID.randomUUID()),
                new ModelName("acme", "m"),
                new ModelVersionId(UUID.randomUUID()),
                1,
                Operation.INFER,
                Instant.parse("2026-01-01T00:00:00Z"),
                List.of(),
                null,
                null);
    }

    static UsageRecord settled(OpenCall call) {
        return new UsageRecord(
                call.callId(),
                call.tenantId(),
                call.projectId(),
                call.principalKind(),
                call.principalId(),
                call.modelId(),
                call.modelName(),
                call.versionId(),
                call.version(),
                call.operation(),
                Outcome.OK,
                200,
                1,
                null,
                1,
                2,
                3,
                4L,
                call.openedAt(),
                call.openedAt().plusSeconds(1),
                UsageSource.GATEWAY,
                call.charges(),
                call.priceId(),
                null,
                call.label(),
                null,
                null,
                null);
    }
}
