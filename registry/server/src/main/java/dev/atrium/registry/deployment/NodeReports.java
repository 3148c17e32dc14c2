package dev.atrium.registry.deployment;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.ReplicaReport;
import dev.atrium.registry.catalog.CatalogFeed;
import dev.atrium.registry.catalog.StoredJson;
import dev.atrium.registry.error.InvalidRequestException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes what a node says of its placements. The caller's transaction holds the node's row, so no
 * two reports of a node, and no burial of it, are worked on at once.
 */
@Component
class NodeReports {
    private record Known(
            PlacementId id,
            ModelVersionId version,
            ReplicaState state,
            @Nullable String reason,
            long residentBytes) {}

    private static final int MAX_REASON = 2_000;
    private static final int MAX_TENSORS = 256;

    private final JdbcClient platform;
    private final ReplicaFeed replicaFeed;
    private final CatalogFeed catalogFeed;
    private final StoredJson json;

    NodeReports(
            @Qualifier("platformJdbc") JdbcClient platform,
            ReplicaFeed replicaFeed,
            CatalogFeed catalogFeed,
            StoredJson json) {
        this.platform = platform;
        this.replicaFeed = replicaFeed;
        this.catalogFeed = catalogFeed;
        this.json = json;
    }

    /** Reports of placements that are not the node's, or not any more, are nothing. */
    void take(NodeId node, List<ReplicaReport> reports) {
        Map<PlacementId, ReplicaReport> reported = new HashMap<>();
        reports.forEach(report -> reported.put(report.placementId(), report));
        for (Known placement : known(node)) {
            ReplicaReport report = reported.get(placement.id());
            if (report != null) {
                move(placement, report);
            } else if (placement.state() != ReplicaState.FAILED
                    && placement.state() != ReplicaState.PENDING) {
                // A restarted node begins anew with what it is told to hold.
                set(placement, ReplicaState.PENDING, null, 0);
            }
        }
    }

    private List<Known> known(NodeId node) {
        return platform.sql(
                        """
                        SELECT id, version_id, state, reason, resident_bytes FROM placement
                        WHERE node_id = ? ORDER BY id FOR UPDATE
                        """)
                .param(node.value())
                .query((row, number) ->
                        new Known(
                                new PlacementId(row.getObject("id", UUID.class)),
                                new ModelVersionId(row.getObject("version_id", UUID.class)),
                                ReplicaState.valueOf(row.getString("state")),
                                row.getString("reason"),
                                row.getLong("resident_bytes")))
                .list();
    }

    private void move(Known placement, ReplicaReport report) {
        if (placement.state() == ReplicaState.FAILED) {
            return;
        }
        if (placement.state() != report.state()
                || placement.residentBytes() != report.residentBytes()
                || !Objects.equals(
                        placement.reason(), explained(report.state(), report.reason()))) {
            set(placement, report.state(), report.reason(), report.residentBytes());
        }
        Signature signature = report.signature();
        if (signature != null && !signature.inputs().isEmpty()) {
            fillSignature(placement.version(), signature);
        }
    }

    private void set(
            Known placement, ReplicaState state, @Nullable String reason, long residentBytes) {
        platform.sql(
                        """
                        UPDATE placement
                        SET since = CASE WHEN state = ? THEN since ELSE now() END,
                            state = ?, reason = ?, resident_bytes = ?
                        WHERE id = ?
                        """)
                .param(state.name())
                .param(state.name())
                .param(explained(state, reason))
                .param(Math.max(0, residentBytes))
                .param(placement.id().value())
                .update();
        if (placement.state() != state) {
            tellGateways(placement, state);
        }
    }

    private void tellGateways(Known placement, ReplicaState state) {
        switch (state) {
            case READY, UNLOADED -> replicaFeed.takesCalls(placement.id());
            case FETCHING, LOADING, WARMING_UP -> {
                // What a call has loaded stays where calls find it until it is READY.
                if (placement.state() == ReplicaState.READY) {
                    replicaFeed.gone(placement.id());
                }
            }
            case PENDING, DRAINING, FAILED -> {
                if (placement.state() != ReplicaState.PENDING) {
                    replicaFeed.gone(placement.id());
                }
            }
        }
    }

    private static @Nullable String explained(ReplicaState state, @Nullable String reason) {
        String text =
                switch (state) {
                    case FAILED ->
                            reason == null || reason.isBlank() ? "the node gave no reason" : reason;
                    case READY, PENDING, UNLOADED -> reason;
                    default -> null;
                };
        if (text == null) {
            return null;
        }
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON);
    }

    /** The engine knows what the file did not say; what is known already stays. */
    private void fillSignature(ModelVersionId version, Signature signature) {
        requireBounded(signature);
        int filled =
                platform.sql(
                                """
                                UPDATE model_version SET signature = ?::jsonb, revision = revision + 1
                                WHERE id = ? AND jsonb_array_length(signature -> 'inputs') = 0
                                """)
                        .params(json.write(signature), version.value())
                        .update();
        if (filled > 0) {
            catalogFeed.republish(version);
        }
    }

    private static void requireBounded(Signature signature) {
        boolean bounded =
                signature.inputs().size() + signature.outputs().size() <= MAX_TENSORS
                        && Stream.concat(signature.inputs().stream(), signature.outputs().stream())
                                .allMatch(NodeReports::isBounded);
        if (!bounded) {
            throw new InvalidRequestException("'signature' is larger than any real model's");
        }
    }

    private static boolean isBounded(TensorSpec tensor) {
        return tensor.name().length() <= 512
                && tensor.datatype().length() <= 16
                && tensor.shape().size() <= 32;
    }
}
