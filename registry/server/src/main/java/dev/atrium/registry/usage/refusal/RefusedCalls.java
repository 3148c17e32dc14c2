package dev.atrium.registry.usage.refusal;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Reads refused calls, one by one and where they were too many. */
@Service
public class RefusedCalls {
    private final JdbcClient jdbc;
    private final JdbcClient platform;
    private final JsonMapper json;

    RefusedCalls(JdbcClient jdbc, @Qualifier("platformJdbc") JdbcClient platform, JsonMapper json) {
        this.jdbc = jdbc;
        this.platform = platform;
        this.json = json;
    }

    /** Which ones are wanted; null is all. */
    public record Wanted(
            @Nullable String principal,
            @Nullable String model,
            @Nullable String code,
            @Nullable String label) {}

    /** Newest first, with ids from the first on and before the last. */
    @Transactional(readOnly = true)
    public List<RefusedCall> list(
            TenantId tenant, UUID first, UUID before, Wanted wanted, int most) {
        return jdbc.sql(
                        """
                        SELECT body::text FROM refused_call
                        WHERE tenant_id = :tenant AND day BETWEEN :first_day AND :last_day
                          AND call_id >= :first AND call_id < :before
                          AND (:principal::text IS NULL OR principal_id = :principal)
                          AND (:model::text IS NULL OR model = :model)
                          AND (:code::text IS NULL OR code = :code)
                          AND (:label::text IS NULL OR label = :label)
                        ORDER BY day DESC, call_id DESC LIMIT :most
                        """)
                .param("tenant", tenant.value())
                .param("first_day", CallTime.day(first))
                .param("last_day", CallTime.day(before))
                .param("first", first)
                .param("before", before)
                .param("principal", wanted.principal())
                .param("model", wanted.model())
                .param("code", wanted.code())
                .param("label", wanted.label())
                .param("most", most)
                .query((row, number) -> read(row.getString("body")))
                .list();
    }

    @Transactional(readOnly = true)
    public Optional<RefusedCall> find(TenantId tenant, UUID callId) {
        return jdbc.sql(
                        """
                        SELECT body::text FROM refused_call
                        WHERE tenant_id = ? AND day = ? AND call_id = ?
                        """)
                .params(tenant.value(), CallTime.day(callId), callId)
                .query((row, number) -> read(row.getString("body")))
                .optional();
    }

    /** Any tenant's. */
    public Optional<RefusedCall> findOfAny(UUID callId) {
        return platform.sql("SELECT body::text FROM refused_call WHERE day = ? AND call_id = ?")
                .params(CallTime.day(callId), callId)
                .query((row, number) -> read(row.getString("body")))
                .optional();
    }

    /**
     * What was only counted, of all gateways together; the newest minute first, and in a minute by
     * code.
     *
     * @param after the last line that was seen; null for the first page
     */
    @Transactional(readOnly = true)
    public List<UnlistedRefusals> unlisted(
            TenantId tenant,
            Instant from,
            Instant to,
            @Nullable String code,
            @Nullable UnlistedRefusals after,
            int most) {
        Instant until = after == null ? to : after.minute();
        return jdbc.sql(
                        """
                        SELECT minute, code, sum(calls) AS calls FROM refused_unlisted
                        WHERE tenant_id = :tenant AND day BETWEEN :first_day AND :last_day
                          AND minute >= :from AND minute < :to
                          AND (:after_code::text IS NULL OR minute < :until
                               OR (minute = :until AND code > :after_code))
                          AND (:code::text IS NULL OR code = :code)
                        GROUP BY minute, code ORDER BY minute DESC, code LIMIT :most
                        """)
                .param("tenant", tenant.value())
                .param("first_day", day(from))
                .param("last_day", day(until))
                .param("from", from.atOffset(ZoneOffset.UTC))
                .param("to", to.atOffset(ZoneOffset.UTC))
                .param("until", until.atOffset(ZoneOffset.UTC))
                .param("after_code", after == null ? null : after.code())
                .param("code", code)
                .param("most", most)
                .query((row, number) ->
                        new UnlistedRefusals(
                                tenant,
                                row.getObject("minute", OffsetDateTime.class).toInstant(),
                                row.getString("code"),
                                row.getLong("calls")))
                .list();
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private RefusedCall read(String body) {
        return json.readValue(body, RefusedCall.class);
    }
}
