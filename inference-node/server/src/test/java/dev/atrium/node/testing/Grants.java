package dev.atrium.node.testing;

import dev.atrium.node.api.Grant;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Grants that differ from a good one in one thing. */
public final class Grants {
    private Grants() {}

    public static Grant withDeadline(Grant grant, long millis) {
        return copy(
                grant,
                grant.attempt(),
                grant.nodeId(),
                grant.issuedAt(),
                grant.expiresAt(),
                millis,
                grant.maxOutputTokens());
    }

    public static Grant withMaxOutputTokens(Grant grant, @Nullable Integer tokens) {
        return copy(
                grant,
                grant.attempt(),
                grant.nodeId(),
                grant.issuedAt(),
                grant.expiresAt(),
                grant.deadlineMillis(),
                tokens);
    }

    public static Grant forNode(Grant grant, UUID nodeId) {
        return copy(
                grant,
                grant.attempt(),
                nodeId,
                grant.issuedAt(),
                grant.expiresAt(),
                grant.deadlineMillis(),
                grant.maxOutputTokens());
    }

    public static Grant between(Grant grant, Instant issuedAt, Instant expiresAt) {
        return copy(
                grant,
                grant.attempt(),
                grant.nodeId(),
                issuedAt,
                expiresAt,
                grant.deadlineMillis(),
                grant.maxOutputTokens());
    }

    public static Grant attempt(Grant grant, int attempt) {
        return copy(
                grant,
                attempt,
                grant.nodeId(),
                grant.issuedAt(),
                grant.expiresAt(),
                grant.deadlineMillis(),
                grant.maxOutputTokens());
    }

    public static Grant forTenant(Grant grant, UUID tenantId) {
        return copy(
                grant,
                tenantId,
                grant.attempt(),
                grant.nodeId(),
                grant.issuedAt(),
                grant.expiresAt(),
                grant.deadlineMillis(),
                grant.maxOutputTokens());
    }

    private static Grant copy(
            Grant grant,
            int attempt,
            UUID nodeId,
            Instant issuedAt,
            Instant expiresAt,
            long deadlineMillis,
            @Nullable Integer maxOutputTokens) {
        return copy(
                grant,
                grant.tenantId(),
                attempt,
                nodeId,
                issuedAt,
                expiresAt,
                deadlineMillis,
                maxOutputTokens);
    }

    private static Grant copy(
            Grant grant,
            UUID tenantId,
            int attempt,
            UUID nodeId,
            Instant issuedAt,
            Instant expiresAt,
            long deadlineMillis,
            @Nullable Integer maxOutputTokens) {
        return new Grant(
                grant.callId(),
                attempt,
                nodeId,
                tenantId,
                grant.projectId(),
                grant.principalKind(),
                grant.principalId(),
                grant.modelId(),
                grant.modelName(),
                grant.versionId(),
                grant.version(),
                grant.operation(),
                issuedAt,
                expiresAt,
                deadlineMillis,
                maxOutputTokens,
                grant.gatewayId(),
                grant.label(),
                grant.reserved());
    }
}
