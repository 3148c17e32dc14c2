package dev.atrium.registry.api.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One write.
 *
 * @param actor who, as {@code user:…}, {@code key:…}, {@code service:…}, {@code node:…} or {@code
 *     system}
 * @param action past fact such as {@code api_key.revoked}
 * @param subject what, as kind and name
 */
public record AuditEntry(
        UUID id,
        Instant at,
        String actor,
        String action,
        String subject,
        @Nullable String detail,
        @Nullable String requestId) {}
