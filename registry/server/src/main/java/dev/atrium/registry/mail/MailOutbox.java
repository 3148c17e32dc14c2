package dev.atrium.registry.mail;

import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.webhook.WebhookEvent;
import dev.atrium.registry.database.CurrentTransaction;
import dev.atrium.registry.delivery.Attempts;
import dev.atrium.registry.delivery.QuotaNews;
import dev.atrium.registry.quota.QuotaRequestChanged;
import dev.atrium.registry.quota.QuotaThresholdReached;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What is to be told, and to whom. */
@Component
class MailOutbox {
    /** A letter that was taken to be sent now. */
    record Taken(
            UUID id,
            String address,
            String type,
            String body,
            String tenant,
            @Nullable Unit unit,
            @Nullable String currency,
            Instant createdAt,
            int attempt) {}

    /** Longer than an attempt may last, whatever is configured. */
    private static final Duration TAKEN_FOR = Duration.ofMinutes(5);

    /** Thresholds are for owners, requests for who decides, answers for who asked. */
    private static final String ADDRESS =
            """
            WITH fresh AS (
                UPDATE mail_event SET addressed_at = now() WHERE id IN (
                    SELECT id FROM mail_event WHERE addressed_at IS NULL
                    ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED)
                RETURNING id, tenant_id, body, body ->> 'type' AS type
            )
            INSERT INTO mail_delivery (event_id, user_id)
            SELECT f.id, m.user_id FROM fresh f JOIN member m USING (tenant_id)
            WHERE m.role = 'OWNER' AND (f.type = '%1$s'
                OR (f.type = '%2$s' AND f.body #>> '{data,policy,origin}' = 'TENANT'))
            UNION
            SELECT f.id, u.id FROM fresh f, app_user u
            WHERE u.platform_admin AND f.type = '%2$s'
                AND f.body #>> '{data,policy,origin}' = 'PLATFORM'
            UNION
            SELECT f.id, u.id FROM fresh f
                JOIN quota_request r ON r.id = (f.body #>> '{data,id}')::uuid
                JOIN app_user u ON u.id::text = r.requester_id
            WHERE f.type IN ('%3$s', '%4$s')
            ON CONFLICT DO NOTHING
            """
                    .formatted(
                            WebhookEvent.THRESHOLD,
                            WebhookEvent.REQUEST_OPENED,
                            WebhookEvent.REQUEST_DECIDED,
                            WebhookEvent.RAISE_ENDED);

    /** People who were blocked meanwhile get nothing. */
    private static final String TAKE =
            """
            WITH due AS (
                SELECT d.id, u.email FROM mail_delivery d JOIN app_user u ON u.id = d.user_id
                WHERE d.next_attempt_at <= ? AND u.active
                ORDER BY d.next_attempt_at LIMIT ? FOR UPDATE OF d SKIP LOCKED
            ), taken AS (
                UPDATE mail_delivery d SET attempts = d.attempts + 1, next_attempt_at = ?
                FROM due WHERE d.id = due.id
                RETURNING d.id, d.event_id, d.created_at, d.attempts, due.email
            )
            SELECT t.*, e.body::text AS body, e.body ->> 'type' AS type, n.name AS tenant,
                   p.unit, p.currency
            FROM taken t JOIN mail_event e ON e.id = t.event_id JOIN tenant n ON n.id = e.tenant_id
                LEFT JOIN quota_policy p ON p.id = (e.body #>> '{data,policyId}')::uuid
            """;

    private final JdbcClient platform;
    private final CurrentTransaction transaction;
    private final MailProperties properties;
    private final Attempts attempts;
    private final JsonMapper json;

    MailOutbox(
            @Qualifier("platformJdbc") JdbcClient platform,
            CurrentTransaction transaction,
            MailProperties properties,
            JsonMapper json) {
        this.platform = platform;
        this.transaction = transaction;
        this.properties = properties;
        this.attempts = new Attempts(platform, "mail_delivery");
        this.json = json;
    }

    @EventListener
    void put(QuotaThresholdReached reached) {
        put(QuotaNews.of(reached));
    }

    @EventListener
    void put(QuotaRequestChanged changed) {
        put(QuotaNews.of(changed));
    }

    /** In the transaction that notes the event. */
    private void put(QuotaNews<?> news) {
        if (properties.isOn()) {
            transaction
                    .jdbc()
                    .sql("INSERT INTO mail_event (id, tenant_id, body) VALUES (?, ?, ?::jsonb)")
                    .params(
                            news.id(),
                            news.event().tenantId().value(),
                            json.writeValueAsString(news.event()))
                    .update();
        }
    }

    Attempts attempts() {
        return attempts;
    }

    /** Finds out who is to be told of what is new. */
    void address(int most) {
        platform.sql(ADDRESS).param(most).update();
    }

    /** Takes what is due, the longest waiting first. */
    List<Taken> take(Instant now, int most) {
        return platform.sql(TAKE)
                .params(
                        now.atOffset(ZoneOffset.UTC),
                        most,
                        now.plus(TAKEN_FOR).atOffset(ZoneOffset.UTC))
                .query(MailOutbox::taken)
                .list();
    }

    void removeThoseBefore(Instant created) {
        platform.sql("DELETE FROM mail_event WHERE created_at < ?")
                .param(created.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static Taken taken(ResultSet row, int number) throws SQLException {
        String unit = row.getString("unit");
        return new Taken(
                row.getObject("id", UUID.class),
                row.getString("email"),
                row.getString("type"),
                row.getString("body"),
                row.getString("tenant"),
                unit == null ? null : Unit.valueOf(unit),
                row.getString("currency"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"));
    }
}
