package dev.atrium.registry.usage;

import dev.atrium.registry.api.quota.ReservedLeases;
import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What nodes say of the attempts that they computed, by call and attempt. */
@Component
class NodeAccounts {
    private static final int MAX_RECORDS = 1_000;
    private static final int MAX_OUTCOME = 64;

    private final JdbcClient platform;
    private final LedgerDays days;
    private final Quarantine quarantine;
    private final JsonMapper json;

    NodeAccounts(
            @Qualifier("platformJdbc") JdbcClient platform,
            LedgerDays days,
            Quarantine quarantine,
            JsonMapper json) {
        this.platform = platform;
        this.days = days;
        this.quarantine = quarantine;
        this.json = json;
    }

    /**
     * Takes a batch in one order.
     *
     * @return how many of them are kept or were known
     */
    @Transactional("platformTransactionManager")
    public int take(UUID node, List<NodeUsageRecord> records) {
        if (records.size() > MAX_RECORDS) {
            throw new InvalidRequestException("a batch has at most " + MAX_RECORDS + " records");
        }
        if (records.stream().map(record -> (Object) record.callId()).anyMatch(Objects::isNull)) {
            throw new InvalidRequestException("a record has no 'callId'");
        }
        List<NodeUsageRecord> sound = records.stream().filter(NodeAccounts::isSound).toList();
        days.keepOpen();
        LocalDate open = days.open();
        sound.stream()
                .sorted(
                        Comparator.comparing(NodeUsageRecord::callId)
                                .thenComparingInt(NodeUsageRecord::attempt))
                .forEach(record -> {
                    if (keep(node, record) && CallTime.day(record.callId()).isBefore(open)) {
                        noteLate(record, open);
                    }
                });
        records.stream()
                .filter(record -> !isSound(record))
                .forEach(record ->
                        quarantine.keep(
                                record.callId(), node, "a broken account of a node", record));
        return sound.size();
    }

    private static boolean isSound(NodeUsageRecord record) {
        Object version = record.versionId();
        Object startedAt = record.startedAt();
        @Nullable Object outcome = record.outcome();
        return version != null
                && startedAt != null
                && outcome != null
                && record.outcome().length() <= MAX_OUTCOME
                && record.attempt() > 0
                && isPlausible(record.inputTokens())
                && isPlausible(record.outputTokens())
                && isPlausible(record.computeMicros())
                && CachedInput.isPlausible(record.cachedInputTokens(), record.inputTokens())
                && Media.isPlausible(record.media())
                && Energy.isPlausible(record.energy())
                && saysWhatCanBeReserved(record.call());
    }

    private static boolean saysWhatCanBeReserved(@Nullable GrantedCall call) {
        if (call == null || call.reserved() == null) {
            return true;
        }
        try {
            ReservedLeases.read(call.reserved());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isPlausible(long count) {
        return count >= 0 && count <= Admissibility.MOST;
    }

    /**
     * The end of an attempt replaces its beginning, but only in the words of the same node.
     *
     * @return whether this was news
     */
    private boolean keep(UUID node, NodeUsageRecord record) {
        GrantedCall call = record.call();
        Energy energy = record.energy();
        Media media = record.media();
        return platform.sql(
                                """
                                INSERT INTO node_usage AS u (call_id, attempt, node_id, version_id, started_at,
                                    finished_at, outcome, input_tokens, output_tokens, compute_micros,
                                    energy_microjoules, carbon_nanograms, energy_method,
                                    cached_input_tokens, images, audio_millis, gateway_id, call)
                                SELECT k.*, CASE WHEN EXISTS (
                                    SELECT FROM usage_record r WHERE r.call_id = k.call_id
                                    AND r.day = (uuid_extract_timestamp(k.call_id) AT TIME ZONE 'UTC')::date)
                                    THEN NULL ELSE ?::jsonb END
                                FROM (VALUES (?::uuid, ?::integer, ?::uuid, ?::uuid, ?::timestamptz,
                                    ?::timestamptz, ?, ?::bigint, ?::bigint, ?::bigint, ?::bigint,
                                    ?::bigint, ?, ?::bigint, ?::bigint, ?::bigint, ?::uuid))
                                    AS k(call_id, attempt, node_id, version_id, started_at, finished_at,
                                         outcome, input_tokens, output_tokens, compute_micros,
                                         energy_microjoules, carbon_nanograms, energy_method,
                                         cached_input_tokens, images, audio_millis, gateway_id)
                                ON CONFLICT (call_id, attempt) DO UPDATE
                                    SET finished_at = excluded.finished_at, outcome = excluded.outcome,
                                        input_tokens = excluded.input_tokens,
                                        output_tokens = excluded.output_tokens,
                                        compute_micros = excluded.compute_micros,
                                        energy_microjoules = excluded.energy_microjoules,
                                        carbon_nanograms = excluded.carbon_nanograms,
                                        energy_method = excluded.energy_method,
                                        cached_input_tokens = excluded.cached_input_tokens,
                                        images = excluded.images,
                                        audio_millis = excluded.audio_millis
                                    WHERE u.node_id = excluded.node_id AND u.finished_at IS NULL
                                """)
                        .param(call == null ? null : json.writeValueAsString(call))
                        .param(record.callId())
                        .param(record.attempt())
                        .param(node)
                        .param(record.versionId().value())
                        .param(atUtc(record.startedAt()))
                        .param(atUtc(record.finishedAt()))
                        .param(record.outcome())
                        .param(record.inputTokens())
                        .param(record.outputTokens())
                        .param(record.computeMicros())
                        .param(energy == null ? null : energy.microjoules())
                        .param(energy == null ? null : energy.carbonNanograms())
                        .param(energy == null ? null : energy.method().name())
                        .param(record.cachedInputTokens())
                        .param(media == null ? null : media.images())
                        .param(media == null ? null : media.audioMillis())
                        .param(call == null ? null : call.gatewayId())
                        .update()
                > 0;
    }

    /** The statement of its day did not know it; the next one tells of it. */
    private void noteLate(NodeUsageRecord record, LocalDate open) {
        platform.sql(
                        """
                        INSERT INTO usage_late_account (call_id, attempt, statement_day)
                        VALUES (?, ?, ?) ON CONFLICT DO NOTHING
                        """)
                .params(record.callId(), record.attempt(), open)
                .update();
    }

    private static @Nullable OffsetDateTime atUtc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
