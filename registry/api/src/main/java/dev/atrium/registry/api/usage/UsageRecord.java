package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One metered call. The ledger is unique on the call id.
 *
 * @param callId UUIDv7 made by the gateway; its time names the ledger's day (UTC)
 * @param tenantId who pays: the caller's tenant, not the model's
 * @param principalId API key id, user id or service account id
 * @param attempts how many nodes were tried, without one that never began; the last one is billed
 * @param computeMicros time the engine spent on this call
 * @param timeToFirstByteMicros from OPEN to the first answer byte; null when none was sent
 * @param charges what it was charged to every quota that counts it
 * @param priceId by what it is paid, fixed when it was opened; null where the gateway knew of none
 * @param cost what the ledger says; null without a price, and in what a gateway ships
 * @param label the cost centre that the call named, otherwise its key's; null without one
 * @param energy of the attempt that is billed; null where its node does not know
 * @param cachedInputTokens those of the input tokens that came from a cache; null where its node
 *     does not know
 * @param media pictures and sound of the attempt that is billed; null where there were none
 * @param waived why it is charged nothing; null of nearly all, and in what a gateway ships
 */
public record UsageRecord(
        UUID callId,
        TenantId tenantId,
        ProjectId projectId,
        PrincipalKind principalKind,
        String principalId,
        ModelId modelId,
        ModelName modelName,
        ModelVersionId versionId,
        int version,
        Operation operation,
        Outcome outcome,
        int httpStatus,
        int attempts,
        @Nullable NodeId nodeId,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        @Nullable Long timeToFirstByteMicros,
        Instant openedAt,
        Instant settledAt,
        UsageSource source,
        List<Charge> charges,
        @Nullable PriceId priceId,
        @Nullable Cost cost,
        @Nullable String label,
        @Nullable Energy energy,
        @Nullable Long cachedInputTokens,
        @Nullable Media media,
        @Nullable Waiver waived) {
    public UsageRecord {
        // Journals of former versions have none.
        charges = charges == null ? List.of() : List.copyOf(charges);
    }

    /** As it is told: whether it is waived is the ledger's matter. */
    public UsageRecord(
            UUID callId,
            TenantId tenantId,
            ProjectId projectId,
            PrincipalKind principalKind,
            String principalId,
            ModelId modelId,
            ModelName modelName,
            ModelVersionId versionId,
            int version,
            Operation operation,
            Outcome outcome,
            int httpStatus,
            int attempts,
            @Nullable NodeId nodeId,
            long inputTokens,
            long outputTokens,
            long computeMicros,
            @Nullable Long timeToFirstByteMicros,
            Instant openedAt,
            Instant settledAt,
            UsageSource source,
            List<Charge> charges,
            @Nullable PriceId priceId,
            @Nullable Cost cost,
            @Nullable String label,
            @Nullable Energy energy,
            @Nullable Long cachedInputTokens,
            @Nullable Media media) {
        this(
                callId,
                tenantId,
                projectId,
                principalKind,
                principalId,
                modelId,
                modelName,
                versionId,
                version,
                operation,
                outcome,
                httpStatus,
                attempts,
                nodeId,
                inputTokens,
                outputTokens,
                computeMicros,
                timeToFirstByteMicros,
                openedAt,
                settledAt,
                source,
                charges,
                priceId,
                cost,
                label,
                energy,
                cachedInputTokens,
                media,
                null);
    }

    /** The same as the ledger has it: paid by this price, or without any. */
    public UsageRecord paidBy(@Nullable Price price) {
        return with(
                price == null ? null : price.id(),
                price == null ? null : price.cost(consumption()),
                charges,
                null);
    }

    /** The same, charged nothing; where it has a price, it costs 0. */
    public UsageRecord waived(Waiver why) {
        return with(
                priceId,
                cost == null ? null : new Cost(0, cost.currency()),
                charges.stream().map(charge -> charge.settled(0)).toList(),
                why);
    }

    /** The same where some of it was free, so that budgets are charged no more than it costs. */
    public UsageRecord costing(Cost real) {
        return with(
                priceId,
                real,
                charges.stream()
                        .map(charge ->
                                charge.unit() == Unit.COST_MICROS
                                        ? charge.settled(Math.min(charge.charged(), real.micros()))
                                        : charge)
                        .toList(),
                waived);
    }

    private UsageRecord with(
            @Nullable PriceId paidBy,
            @Nullable Cost real,
            List<Charge> charged,
            @Nullable Waiver why) {
        return new UsageRecord(
                callId,
                tenantId,
                projectId,
                principalKind,
                principalId,
                modelId,
                modelName,
                versionId,
                version,
                operation,
                outcome,
                httpStatus,
                attempts,
                nodeId,
                inputTokens,
                outputTokens,
                computeMicros,
                timeToFirstByteMicros,
                openedAt,
                settledAt,
                source,
                charged,
                paidBy,
                real,
                label,
                energy,
                cachedInputTokens,
                media,
                why);
    }

    /** What it is charged for; a call that reached no node pays nothing. */
    public Consumption consumption() {
        boolean reached = attempts > 0 && outcome != Outcome.NO_REPLICA;
        return Media.orNone(media).consumption(reached, inputTokens, outputTokens, computeMicros);
    }
}
