package dev.atrium.gateway.metering;

import dev.atrium.registry.api.json.JsonText;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The journal's two records as JSON that the registry reads. */
final class RecordJson {
    private RecordJson() {}

    static byte[] of(OpenCall call) {
        return new JsonText()
                .put("callId", call.callId())
                .put("tenantId", call.tenantId().value())
                .put("projectId", call.projectId().value())
                .put("principalKind", call.principalKind())
                .put("principalId", call.principalId())
                .put("modelId", call.modelId().value())
                .put("modelName", call.modelName().toString())
                .put("versionId", call.versionId().value())
                .put("version", call.version())
                .put("operation", call.operation())
                .put("openedAt", call.openedAt())
                .putAll("charges", call.charges(), RecordJson::charge)
                .put("priceId", value(call.priceId()))
                .put("label", call.label())
                .bytes();
    }

    static byte[] of(UsageRecord usage) {
        return new JsonText()
                .put("callId", usage.callId())
                .put("tenantId", usage.tenantId().value())
                .put("projectId", usage.projectId().value())
                .put("principalKind", usage.principalKind())
                .put("principalId", usage.principalId())
                .put("modelId", usage.modelId().value())
                .put("modelName", usage.modelName().toString())
                .put("versionId", usage.versionId().value())
                .put("version", usage.version())
                .put("operation", usage.operation())
                .put("outcome", usage.outcome())
                .put("httpStatus", usage.httpStatus())
                .put("attempts", usage.attempts())
                .put("nodeId", usage.nodeId() == null ? null : usage.nodeId().value())
                .put("inputTokens", usage.inputTokens())
                .put("outputTokens", usage.outputTokens())
                .put("computeMicros", usage.computeMicros())
                .put("timeToFirstByteMicros", usage.timeToFirstByteMicros())
                .put("openedAt", usage.openedAt())
                .put("settledAt", usage.settledAt())
                .put("source", usage.source())
                .putAll("charges", usage.charges(), RecordJson::charge)
                .put("priceId", value(usage.priceId()))
                .put("cost", usage.cost(), RecordJson::cost)
                .put("label", usage.label())
                .put("energy", usage.energy(), RecordJson::energy)
                .put("cachedInputTokens", usage.cachedInputTokens())
                .put("media", usage.media(), RecordJson::media)
                .put("waived", usage.waived())
                .bytes();
    }

    private static @Nullable UUID value(@Nullable PriceId price) {
        return price == null ? null : price.value();
    }

    private static void charge(JsonText json, Charge charge) {
        json.put("policyId", charge.policyId().value())
                .put("windowStart", charge.windowStart())
                .put("unit", charge.unit())
                .put("leaseId", charge.leaseId())
                .put("reserved", charge.reserved())
                .put("charged", charge.charged())
                .put("refused", charge.refused());
    }

    private static void cost(JsonText json, Cost cost) {
        json.put("micros", cost.micros())
                .put("currency", cost.currency())
                .put("freeMicros", cost.freeMicros());
    }

    private static void media(JsonText json, Media media) {
        json.put("images", media.images()).put("audioMillis", media.audioMillis());
    }

    private static void energy(JsonText json, Energy energy) {
        json.put("microjoules", energy.microjoules())
                .put("carbonNanograms", energy.carbonNanograms())
                .put("method", energy.method());
    }
}
