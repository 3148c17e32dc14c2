package dev.atrium.registry.usage;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Labels;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Whether a shipped record can be posted. What cannot is told from what can one by one: a single
 * broken record must not keep a gateway's journal from ever being acknowledged.
 */
@Component
class Admissibility {
    private static final int MAX_TEXT = 200;

    /** A million of such counts still fit into a sum of the roll-ups. */
    static final long MOST = 1_000_000_000_000L;

    private final JdbcClient platform;
    private final UsageProperties properties;
    private final Clock clock;

    Admissibility(
            @Qualifier("platformJdbc") JdbcClient platform,
            UsageProperties properties,
            Clock clock) {
        this.platform = platform;
        this.properties = properties;
        this.clock = clock;
    }

    /** Those of the tenants that exist, suspended ones included. */
    Set<TenantId> known(Collection<TenantId> tenants) {
        String[] ids =
                tenants.stream()
                        .filter(Objects::nonNull)
                        .map(TenantId::toString)
                        .distinct()
                        .toArray(String[]::new);
        return new HashSet<>(
                platform.sql("SELECT id FROM tenant_directory WHERE id = ANY (?::uuid[])")
                        .param(ids)
                        .query((row, number) -> new TenantId(row.getObject("id", UUID.class)))
                        .list());
    }

    /** Why the record goes to quarantine; empty when it can be posted. */
    Optional<String> refusal(UsageRecord record, Set<TenantId> known) {
        if (lacks(
                        record.tenantId(),
                        record.projectId(),
                        record.principalKind(),
                        record.principalId(),
                        record.modelId(),
                        record.modelName(),
                        record.versionId(),
                        record.operation(),
                        record.outcome(),
                        record.openedAt(),
                        record.settledAt(),
                        record.source())
                || record.principalId().length() > MAX_TEXT) {
            return Optional.of("a member is missing or too long");
        }
        Long firstByte = record.timeToFirstByteMicros();
        if (record.inputTokens() < 0
                || record.outputTokens() < 0
                || record.computeMicros() < 0
                || record.attempts() < 0
                || (firstByte != null && firstByte < 0)) {
            return Optional.of("a count is negative");
        }
        if (record.inputTokens() > MOST
                || record.outputTokens() > MOST
                || record.computeMicros() > MOST) {
            return Optional.of("a count is beyond reason");
        }
        if (!CachedInput.isPlausible(record.cachedInputTokens(), record.inputTokens())) {
            return Optional.of("the cached input tokens are beyond reason");
        }
        if (!Media.isPlausible(record.media())) {
            return Optional.of("the pictures or the sound are beyond reason");
        }
        if (!Energy.isPlausible(record.energy())) {
            return Optional.of("the energy is beyond reason");
        }
        return refusal(record.callId(), record.tenantId(), record.label(), known);
    }

    Optional<String> refusal(OpenCall call, Set<TenantId> known) {
        if (lacks(
                        call.tenantId(),
                        call.projectId(),
                        call.principalKind(),
                        call.principalId(),
                        call.modelId(),
                        call.modelName(),
                        call.versionId(),
                        call.operation(),
                        call.openedAt())
                || call.principalId().length() > MAX_TEXT) {
            return Optional.of("a member is missing or too long");
        }
        return refusal(call.callId(), call.tenantId(), call.label(), known);
    }

    private Optional<String> refusal(
            UUID callId, TenantId tenant, @Nullable String label, Set<TenantId> known) {
        if (label != null && !Labels.isValid(label)) {
            return Optional.of("the label is not one");
        }
        if (!CallTime.isKnown(callId)) {
            return Optional.of("the call id is no UUIDv7");
        }
        Instant at = CallTime.of(callId);
        Instant now = clock.instant();
        if (at.isBefore(now.minus(properties.retention()))) {
            return Optional.of("the call is older than the retention of the ledger");
        }
        if (at.isAfter(now.plus(properties.future()))) {
            return Optional.of("the call lies in the future");
        }
        return known.contains(tenant)
                ? Optional.empty()
                : Optional.of("there is no tenant " + tenant);
    }

    /** JSON leaves out what it wants, whatever the record's types say. */
    private static boolean lacks(@Nullable Object... members) {
        return Arrays.stream(members).anyMatch(Objects::isNull);
    }
}
