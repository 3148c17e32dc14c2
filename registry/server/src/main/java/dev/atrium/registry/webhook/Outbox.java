package dev.atrium.registry.webhook;

import dev.atrium.registry.api.tenancy.TenantId;
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
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is to be sent. Taking an event puts its next attempt off, so that no other registry takes it
 * as well, and so that it comes back by itself when the one that took it dies.
 */
@Component
class Outbox {
    /** An event that was taken to be sent now. */
    record Taken(
            UUID id,
            TenantId tenant,
            UUID eventId,
            String url,
            byte[] secret,
            String body,
            Instant createdAt,
            int attempt) {}

    /** Longer than an attempt may last, whatever is configured. */
    private static final Duration TAKEN_FOR = Duration.ofMinutes(2);

    private final JdbcClient platform;
    private final Attempts attempts;
    private final CurrentTransaction transaction;
    private final JsonMapper json;

    Outbox(
            @Qualifier("platformJdbc") JdbcClient platform,
            CurrentTransaction transaction,
            JsonMapper json) {
        this.platform = platform;
        this.attempts = new Attempts(platform, "webhook_delivery");
        this.transaction = transaction;
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

    /** In the transaction that notes the event; nothing where nobody wants to be told. */
    private void put(QuotaNews<?> news) {
        transaction
                .jdbc()
                .sql(
                        """
                        INSERT INTO webhook_delivery (tenant_id, event_id, body)
                        SELECT tenant_id, ?, ? FROM webhook WHERE tenant_id = ?
                        ON CONFLICT DO NOTHING
                        """)
                .params(
                        news.id(),
                        json.writeValueAsString(news.event()),
                        news.event().tenantId().value())
                .update();
    }

    /** Takes what is due, the longest waiting first. */
    List<Taken> take(Instant now, int most) {
        return platform.sql(
                        """
                        UPDATE webhook_delivery d
                        SET attempts = d.attempts + 1, next_attempt_at = ?
                        FROM webhook w
                        WHERE w.tenant_id = d.tenant_id AND d.id IN (
                            SELECT id FROM webhook_delivery WHERE next_attempt_at <= ?
                            ORDER BY next_attempt_at LIMIT ? FOR UPDATE SKIP LOCKED)
                        RETURNING d.*, w.url, w.secret
                        """)
                .params(
                        now.plus(TAKEN_FOR).atOffset(ZoneOffset.UTC),
                        now.atOffset(ZoneOffset.UTC),
                        most)
                .query(Outbox::taken)
                .list();
    }

    Attempts attempts() {
        return attempts;
    }

    int removeThoseBefore(Instant created) {
        return platform.sql("DELETE FROM webhook_delivery WHERE created_at < ?")
                .param(created.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static Taken taken(ResultSet row, int number) throws SQLException {
        return new Taken(
                row.getObject("id", UUID.class),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getObject("event_id", UUID.class),
                row.getString("url"),
                row.getBytes("secret"),
                row.getString("body"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"));
    }
}
