package dev.atrium.registry.audit;

import dev.atrium.registry.api.audit.AuditEntry;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Reads the audit rows of the tenant in scope, newest first. */
@Component
class AuditTrail {
    private final JdbcClient jdbc;
    private final Paging paging;

    AuditTrail(JdbcClient jdbc, Paging paging) {
        this.jdbc = jdbc;
        this.paging = paging;
    }

    @Transactional(readOnly = true)
    public Page<AuditEntry> list(PageRequest request) {
        Window window = paging.window("audit", request);
        List<AuditEntry> rows =
                jdbc.sql(
                                """
                                SELECT id, at, actor, action, subject, detail, request_id FROM audit_entry
                                WHERE tenant_id = ? AND id < ?
                                ORDER BY id DESC LIMIT ?
                                """)
                        .params(TenantScope.required().value(), window.below(), window.fetch())
                        .query(AuditTrail::entry)
                        .list();
        return paging.page(window, rows, entry -> entry.id().toString(), entry -> entry);
    }

    private static AuditEntry entry(ResultSet row, int number) throws SQLException {
        return new AuditEntry(
                row.getObject("id", UUID.class),
                row.getTimestamp("at").toInstant(),
                row.getString("actor"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("detail"),
                row.getString("request_id"));
    }
}
