package dev.atrium.registry.usage.refusal;

import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.Labels;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.RefusingLimit;
import dev.atrium.registry.api.usage.ShipRefusals;
import dev.atrium.registry.api.usage.ShipRefusalsReply;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Takes what gateways refused; sent again, it changes nothing. */
@Component
class RefusalIntake {
    private static final Logger log = LoggerFactory.getLogger(RefusalIntake.class);
    private static final Pattern CODE = Pattern.compile("[a-z0-9_]{1,64}");

    private static final String KEEP =
            """
            INSERT INTO refused_call (day, call_id, tenant_id, principal_id, model, code, label,
                gateway_id, body)
            SELECT (uuid_extract_timestamp((body ->> 'callId')::uuid) AT TIME ZONE 'UTC')::date,
                   (body ->> 'callId')::uuid, (body ->> 'tenantId')::uuid, body ->> 'principalId',
                   body ->> 'model', body ->> 'code', body ->> 'label', ?::uuid, body
            FROM jsonb_array_elements(?::jsonb) AS e(body)
            ORDER BY 1, 2
            ON CONFLICT DO NOTHING
            """;

    /** Counts only grow, so of two that overtook each other the higher one is the newer. */
    private static final String COUNT =
            """
            INSERT INTO refused_unlisted AS u (day, tenant_id, minute, code, source, calls)
            SELECT (minute AT TIME ZONE 'UTC')::date, "tenantId", minute, code, ?::uuid, max(calls)
            FROM jsonb_to_recordset(?::jsonb)
                AS e("tenantId" uuid, minute timestamptz, code text, calls bigint)
            GROUP BY 1, 2, 3, 4
            ORDER BY 1, 2, 3, 4
            ON CONFLICT (day, tenant_id, minute, code, source) DO UPDATE
                SET calls = excluded.calls WHERE excluded.calls > u.calls
            """;

    private final TransactionTemplate transactions;
    private final JdbcClient platform;
    private final RefusalDays days;
    private final JsonMapper json;

    RefusalIntake(
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            @Qualifier("platformJdbc") JdbcClient platform,
            RefusalDays days,
            JsonMapper json) {
        this.transactions = transactions;
        this.platform = platform;
        this.days = days;
        this.json = json;
    }

    ShipRefusalsReply take(UUID gateway, ShipRefusals batch) {
        requireBounded(batch);
        List<RefusedCall> refused = batch.refused().stream().filter(this::isSound).toList();
        List<UnlistedRefusals> unlisted = batch.unlisted().stream().filter(this::isSound).toList();
        int rejected =
                batch.refused().size() - refused.size() + batch.unlisted().size() - unlisted.size();
        if (rejected > 0) {
            log.warn("gateway {} tells of {} refusals that make no sense", gateway, rejected);
        }
        days.ensure(daysOf(refused, unlisted));
        int kept =
                Objects.requireNonNull(
                        transactions.execute(
                                status -> keep(gateway, batch.incarnation(), refused, unlisted)));
        return new ShipRefusalsReply(kept, refused.size() - kept, rejected);
    }

    private Integer keep(
            UUID gateway,
            UUID incarnation,
            List<RefusedCall> refused,
            List<UnlistedRefusals> unlisted) {
        int kept = platform.sql(KEEP).params(gateway, json.writeValueAsString(refused)).update();
        platform.sql(COUNT).params(incarnation, json.writeValueAsString(unlisted)).update();
        return kept;
    }

    private static void requireBounded(ShipRefusals batch) {
        @Nullable Object incarnation = batch.incarnation();
        if (incarnation == null) {
            throw new InvalidRequestException("'incarnation' is missing");
        }
        if (batch.refused().size() > ShipRefusals.MOST
                || batch.unlisted().size() > ShipRefusals.MOST) {
            throw new InvalidRequestException(
                    "a batch has at most " + ShipRefusals.MOST + " records of each kind");
        }
    }

    private static Set<LocalDate> daysOf(
            List<RefusedCall> refused, List<UnlistedRefusals> unlisted) {
        return Stream.concat(
                        refused.stream().map(call -> CallTime.day(call.callId())),
                        unlisted.stream()
                                .map(each -> LocalDate.ofInstant(each.minute(), ZoneOffset.UTC)))
                .collect(Collectors.toSet());
    }

    private boolean isSound(RefusedCall call) {
        return !lacks(
                        call.callId(),
                        call.tenantId(),
                        call.projectId(),
                        call.principalKind(),
                        call.principalId(),
                        call.operation(),
                        call.code(),
                        call.refusedAt())
                && CallTime.isKnown(call.callId())
                && days.isKept(CallTime.of(call.callId()))
                && CODE.matcher(call.code()).matches()
                && Stream.of(call.principalId(), call.model(), call.version(), call.param())
                        .allMatch(RefusalIntake::isShort)
                && (call.label() == null || Labels.isValid(call.label()))
                && (call.limit() == null || isSound(call.limit()));
    }

    private static boolean isSound(RefusingLimit limit) {
        return !lacks(limit.unit(), limit.window())
                && isShort(limit.name())
                && isShort(limit.currency());
    }

    private boolean isSound(UnlistedRefusals each) {
        return !lacks(each.tenantId(), each.minute(), each.code())
                && each.calls() > 0
                && each.minute().equals(each.minute().truncatedTo(ChronoUnit.MINUTES))
                && days.isKept(each.minute())
                && CODE.matcher(each.code()).matches();
    }

    /** PostgreSQL keeps no NUL, and people read no other control characters either. */
    private static boolean isShort(@Nullable String text) {
        return text == null
                || text.length() <= RefusedCall.LONGEST_TEXT
                        && text.chars().noneMatch(Character::isISOControl);
    }

    /** JSON leaves out what it wants, whatever the record's types say. */
    private static boolean lacks(@Nullable Object... members) {
        return Arrays.stream(members).anyMatch(Objects::isNull);
    }
}
