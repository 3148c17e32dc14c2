package dev.atrium.node.usage;

import dev.atrium.registry.api.json.JsonText;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import java.util.List;

/** What the journal holds and the registry reads, three times for each call. */
final class NodeRecordJson {
    private NodeRecordJson() {}

    /** As {@link dev.atrium.registry.api.usage.ShipNodeUsage}. */
    static byte[] shipment(List<NodeUsageRecord> records) {
        return new JsonText().putAll("records", records, NodeRecordJson::record).bytes();
    }

    static void record(JsonText json, NodeUsageRecord usage) {
        json.put("callId", usage.callId())
                .put("attempt", usage.attempt())
                .put("versionId", usage.versionId().value())
                .put("startedAt", usage.startedAt())
                .put("finishedAt", usage.finishedAt())
                .put("outcome", usage.outcome())
                .put("inputTokens", usage.inputTokens())
                .put("outputTokens", usage.outputTokens())
                .put("computeMicros", usage.computeMicros())
                .put("energy", usage.energy(), NodeRecordJson::energy)
                .put("call", usage.call(), NodeRecordJson::call)
                .put("cachedInputTokens", usage.cachedInputTokens())
                .put("media", usage.media(), NodeRecordJson::media);
    }

    private static void call(JsonText json, GrantedCall call) {
        json.put("gatewayId", call.gatewayId())
                .put("tenantId", call.tenantId().value())
                .put("projectId", call.projectId().value())
                .put("principalKind", call.principalKind())
                .put("principalId", call.principalId())
                .put("modelId", call.modelId().value())
                .put("modelName", call.modelName().toString())
                .put("version", call.version())
                .put("operation", call.operation())
                .put("label", call.label())
                .put("reserved", call.reserved());
    }

    private static void energy(JsonText json, Energy energy) {
        json.put("microjoules", energy.microjoules())
                .put("carbonNanograms", energy.carbonNanograms())
                .put("method", energy.method());
    }

    private static void media(JsonText json, Media media) {
        json.put("images", media.images()).put("audioMillis", media.audioMillis());
    }
}
