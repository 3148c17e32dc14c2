package dev.atrium.registry.webhook;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.webhook.CreatedWebhook;
import dev.atrium.registry.api.webhook.SetWebhook;
import dev.atrium.registry.api.webhook.Webhook;
import dev.atrium.registry.api.webhook.WebhookDelivery;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The webhook of the tenant in scope. */
@Service
@Transactional
class WebhookService {
    private final JdbcClient jdbc;
    private final Secrets secrets;
    private final AuditLog audit;
    private final Paging paging;

    WebhookService(JdbcClient jdbc, Secrets secrets, AuditLog audit, Paging paging) {
        this.jdbc = jdbc;
        this.secrets = secrets;
        this.audit = audit;
        this.paging = paging;
    }

    @Transactional(readOnly = true)
    public Webhook get(TenantId tenant) {
        return jdbc.sql("SELECT * FROM webhook WHERE tenant_id = ?")
                .param(tenant.value())
                .query(WebhookService::webhook)
                .optional()
                .orElseThrow(WebhookNotFoundException::new);
    }

    /**
     * The former secret, if there was one, is worth nothing any more.
     *
     * @param wish of an address that was looked at
     */
    public CreatedWebhook set(SetWebhook wish, Caller caller) {
        String url = wish.url().strip();
        String secret = secrets.generate();
        Webhook made =
                jdbc.sql(
                                """
                                INSERT INTO webhook (tenant_id, url, secret, created_by)
                                VALUES (?, ?, ?, ?)
                                ON CONFLICT (tenant_id) DO UPDATE SET
                                    url = excluded.url, secret = excluded.secret,
                                    created_by = excluded.created_by, created_at = now()
                                RETURNING *
                                """)
                        .params(
                                caller.tenantId().value(),
                                url,
                                secrets.seal(caller.tenantId(), secret),
                                caller.actor())
                        .query(WebhookService::webhook)
                        .single();
        audit.record("webhook.set", "webhook", host(url));
        return new CreatedWebhook(made, secret);
    }

    /** What was not sent yet is not sent any more. */
    public void delete(TenantId tenant) {
        Webhook present = get(tenant);
        jdbc.sql("DELETE FROM webhook WHERE tenant_id = ?").param(tenant.value()).update();
        jdbc.sql(
                        """
                        DELETE FROM webhook_delivery
                        WHERE tenant_id = ? AND next_attempt_at IS NOT NULL
                        """)
                .param(tenant.value())
                .update();
        audit.record("webhook.deleted", "webhook", host(present.url()));
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<WebhookDelivery> deliveries(TenantId tenant, PageRequest request) {
        Window window = paging.window("webhook-deliveries", request);
        List<WebhookDelivery> rows =
                jdbc.sql(
                                """
                                SELECT * FROM webhook_delivery WHERE tenant_id = ? AND id < ?
                                ORDER BY id DESC LIMIT ?
                                """)
                        .params(tenant.value(), window.below(), window.fetch())
                        .query(WebhookService::delivery)
                        .list();
        return paging.page(window, rows, row -> row.id().toString(), row -> row);
    }

    /** The rest of an address may hold a secret of its own. */
    private static String host(String url) {
        return Target.parse(url, true).host();
    }

    private static Webhook webhook(ResultSet row, int number) throws SQLException {
        return new Webhook(
                row.getString("url"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static WebhookDelivery delivery(ResultSet row, int number) throws SQLException {
        return new WebhookDelivery(
                row.getObject("id", UUID.class),
                row.getObject("event_id", UUID.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"),
                instant(row, "next_attempt_at"),
                instant(row, "delivered_at"),
                row.getString("failure"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
