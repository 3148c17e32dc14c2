package dev.atrium.registry.usage;

import com.fasterxml.uuid.Generators;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.ReservedLeases;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Calls as gateways and nodes would tell of them. */
public final class TestCalls {
    private static final ProjectId PROJECT = new ProjectId(UUID.randomUUID());

    private TestCalls() {}

    public static NodeUsageRecord account(
            OpenCall call,
            int attempt,
            @Nullable Instant finishedAt,
            Outcome outcome,
            long in,
            long out) {
        return new NodeUsageRecord(
                call.callId(),
                attempt,
                call.versionId(),
                call.openedAt(),
                finishedAt,
                outcome.name(),
                in,
                out,
                1_000);
    }

    /** The same, with whose call it was by its grant. */
    public static NodeUsageRecord account(
            UUID gateway, OpenCall call, int attempt, Instant finishedAt, long in, long out) {
        return new NodeUsageRecord(
                call.callId(),
                attempt,
                call.versionId(),
                call.openedAt(),
                finishedAt,
                Outcome.OK.name(),
                in,
                out,
                1_000,
                null,
                new GrantedCall(
                        gateway,
                        call.tenantId(),
                        call.projectId(),
                        call.principalKind(),
                        call.principalId(),
                        call.modelId(),
                        call.modelName(),
                        call.version(),
                        call.operation(),
                        call.label(),
                        ReservedLeases.text(call.charges())),
                null,
                null);
    }

    /** The same with this energy. */
    public static NodeUsageRecord taking(NodeUsageRecord account, @Nullable Energy energy) {
        return new NodeUsageRecord(
                account.callId(),
                account.attempt(),
                account.versionId(),
                account.startedAt(),
                account.finishedAt(),
                account.outcome(),
                account.inputTokens(),
                account.outputTokens(),
                account.computeMicros(),
                energy,
                account.call(),
                account.cachedInputTokens(),
                account.media());
    }

    /** The same with so many input tokens from a cache. */
    static NodeUsageRecord cached(NodeUsageRecord account, @Nullable Long tokens) {
        return new NodeUsageRecord(
                account.callId(),
                account.attempt(),
                account.versionId(),
                account.startedAt(),
                account.finishedAt(),
                account.outcome(),
                account.inputTokens(),
                account.outputTokens(),
                account.computeMicros(),
                account.energy(),
                account.call(),
                tokens,
                account.media());
    }

    /** The same of these pictures and this sound. */
    public static NodeUsageRecord with(NodeUsageRecord account, @Nullable Media media) {
        return new NodeUsageRecord(
                account.callId(),
                account.attempt(),
                account.versionId(),
                account.startedAt(),
                account.finishedAt(),
                account.outcome(),
                account.inputTokens(),
                account.outputTokens(),
                account.computeMicros(),
                account.energy(),
                account.call(),
                account.cachedInputTokens(),
                media);
    }

    static UUID callId(Instant at) {
        return Generators.timeBasedEpochRandomGenerator().construct(at.toEpochMilli());
    }

    static OpenCall open(TenantId tenant, Instant at) {
        return new OpenCall(
                callId(at),
                tenant,
                PROJECT,
                PrincipalKind.API_KEY,
                "abcdefghijkmnpqr",
                new ModelId(UUID.randomUUID()),
                ModelName.of("acme/iris"),
                new ModelVersionId(UUID.randomUUID()),
                1,
                Operation.INFER,
                at,
                List.of(),
                null,
                null);
    }

    /** A call that was under way and held this. */
    public static OpenCall open(TenantId tenant, Instant at, List<Charge> charges) {
        return open(tenant, at, charges, null);
    }

    /** A call that was under way, held this, and was to be paid by this. */
    public static OpenCall open(
            TenantId tenant, Instant at, List<Charge> charges, @Nullable PriceId price) {
        OpenCall call = open(tenant, at);
        return new OpenCall(
                call.callId(),
                tenant,
                call.projectId(),
                call.principalKind(),
                call.principalId(),
                call.modelId(),
                call.modelName(),
                call.versionId(),
                call.version(),
                call.operation(),
                at,
                charges,
                price,
                null);
    }

    /** A call that ended now and was charged this. */
    public static UsageRecord charged(TenantId tenant, List<Charge> charges) {
        return settled(open(tenant, Instant.now(), charges), null, 1, 1);
    }

    static List<UsageRecord> records(TenantId tenant, int count, Instant at) {
        return IntStream.range(0, count)
                .mapToObj(i -> record(tenant, callId(at.minusMillis(i)), at))
                .toList();
    }

    static UsageRecord record(TenantId tenant, UUID callId, Instant at) {
        boolean ok = callId.getLeastSignificantBits() % 4 != 0;
        return new UsageRecord(
                callId,
                tenant,
                PROJECT,
                PrincipalKind.API_KEY,
                "abcdefghijkmnpqr",
                new ModelId(UUID.randomUUID()),
                ModelName.of("acme/iris"),
                new ModelVersionId(UUID.randomUUID()),
                1,
                ok ? Operation.INFER : Operation.CHAT,
                ok ? Outcome.OK : Outcome.CLIENT_GONE,
                200,
                1,
                null,
                Math.floorMod(callId.hashCode(), 100),
                3,
                500,
                null,
                at,
                at,
                UsageSource.GATEWAY,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The same call for this cost centre. */
    public static UsageRecord labelled(UsageRecord call, @Nullable String label) {
        return with(
                call,
                call.openedAt(),
                call.timeToFirstByteMicros(),
                call.settledAt(),
                label,
                call.energy(),
                call.cachedInputTokens(),
                call.media());
    }

    /** The same call with this energy. */
    public static UsageRecord taking(UsageRecord call, @Nullable Energy energy) {
        return with(
                call,
                call.openedAt(),
                call.timeToFirstByteMicros(),
                call.settledAt(),
                call.label(),
                energy,
                call.cachedInputTokens(),
                call.media());
    }

    /** The same call with so many input tokens from a cache. */
    static UsageRecord cached(UsageRecord call, @Nullable Long tokens) {
        return with(
                call,
                call.openedAt(),
                call.timeToFirstByteMicros(),
                call.settledAt(),
                call.label(),
                call.energy(),
                tokens,
                call.media());
    }

    /** The same call of these pictures and this sound. */
    public static UsageRecord with(UsageRecord call, @Nullable Media media) {
        return with(
                call,
                call.openedAt(),
                call.timeToFirstByteMicros(),
                call.settledAt(),
                call.label(),
                call.energy(),
                call.cachedInputTokens(),
                media);
    }

    /** The same call, with these times. */
    static UsageRecord lasting(
            UsageRecord call, Instant openedAt, @Nullable Long firstByteMicros, Instant settledAt) {
        return with(
                call,
                openedAt,
                firstByteMicros,
                settledAt,
                call.label(),
                call.energy(),
                call.cachedInputTokens(),
                call.media());
    }

    private static UsageRecord with(
            UsageRecord call,
            Instant openedAt,
            @Nullable Long firstByteMicros,
            Instant settledAt,
            @Nullable String label,
            @Nullable Energy energy,
            @Nullable Long cachedInputTokens,
            @Nullable Media media) {
        return with(
                call,
                call.operation(),
                openedAt,
                firstByteMicros,
                settledAt,
                label,
                energy,
                cachedInputTokens,
                media);
    }

    /** The same call of something else. */
    static UsageRecord of(UsageRecord call, Operation operation) {
        return with(
                call,
                operation,
                call.openedAt(),
                call.timeToFirstByteMicros(),
                call.settledAt(),
                call.label(),
                call.energy(),
                call.cachedInputTokens(),
                call.media());
    }

    private static UsageRecord with(
            UsageRecord call,
            Operation operation,
            Instant openedAt,
            @Nullable Long firstByteMicros,
            Instant settledAt,
            @Nullable String label,
            @Nullable Energy energy,
            @Nullable Long cachedInputTokens,
            @Nullable Media media) {
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
                operation,
                call.outcome(),
                call.httpStatus(),
                call.attempts(),
                call.nodeId(),
                call.inputTokens(),
                call.outputTokens(),
                call.computeMicros(),
                firstByteMicros,
                openedAt,
                settledAt,
                call.source(),
                call.charges(),
                call.priceId(),
                call.cost(),
                label,
                energy,
                cachedInputTokens,
                media);
    }

    /** The same call for this cost centre. */
    static OpenCall labelled(OpenCall call, String label) {
        return new OpenCall(
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
                call.openedAt(),
                call.charges(),
                call.priceId(),
                label);
    }

    /** Another call of the same version. */
    static OpenCall of(OpenCall call) {
        return new OpenCall(
                callId(call.openedAt()),
                call.tenantId(),
                call.projectId(),
                call.principalKind(),
                call.principalId(),
                call.modelId(),
                call.modelName(),
                call.versionId(),
                call.version(),
                call.operation(),
                call.openedAt(),
                call.charges(),
                call.priceId(),
                call.label());
    }

    public static UsageRecord settled(OpenCall call, @Nullable NodeId node, long in, long out) {
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
                node,
                in,
                out,
                1_000,
                null,
                call.openedAt(),
                call.openedAt(),
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
