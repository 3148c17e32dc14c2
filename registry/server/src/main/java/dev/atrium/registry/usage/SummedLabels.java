package dev.atrium.registry.usage;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.Labels;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.database.AdvisoryLock;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which labels the sums of a tenant's day have by name: the first ones that came, as many as are
 * allowed. The others are summed up as {@link Labels#OTHER}, so that a caller who makes up a label
 * per call cannot turn the sums into a second ledger. The ledger has every label as it was.
 *
 * @see "docs/adr/0013-labels.md"
 */
@Component
class SummedLabels {
    /** A call that names its cost centre. */
    record Use(TenantId tenant, LocalDate day, String label) {
        static Stream<Use> of(UsageRecord record) {
            return of(record.tenantId(), record.callId(), record.label());
        }

        static Stream<Use> of(OpenCall call) {
            return of(call.tenantId(), call.callId(), call.label());
        }

        private static Stream<Use> of(TenantId tenant, UUID callId, @Nullable String label) {
            return label == null
                    ? Stream.empty()
                    : Stream.of(new Use(tenant, CallTime.day(callId), label));
        }
    }

    private static final String FRESH =
            """
            WITH used AS (
                SELECT tenant_id, day, label, min(place) AS place
                FROM unnest(:tenants::uuid[], :days::date[], :labels::text[])
                     WITH ORDINALITY AS u(tenant_id, day, label, place)
                GROUP BY 1, 2, 3
            ), unknown AS (
                SELECT tenant_id, day, label,
                       row_number() OVER (PARTITION BY tenant_id, day ORDER BY u.place) AS place
                FROM used u LEFT JOIN usage_label l USING (tenant_id, day, label)
                WHERE l.tenant_id IS NULL
            ), fresh AS (
                SELECT tenant_id, day, label FROM unknown
                JOIN (SELECT d.tenant_id, d.day,
                             (SELECT count(*) FROM usage_label l
                              WHERE l.tenant_id = d.tenant_id AND l.day = d.day) AS known
                      FROM (SELECT DISTINCT tenant_id, day FROM unknown) d) counted
                     USING (tenant_id, day)
                WHERE known + place <= :most
            )
            """;

    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final int most;

    SummedLabels(
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            UsageProperties properties) {
        this.platform = platform;
        this.transactions = transactions;
        this.most = properties.labelsPerDay();
    }

    /**
     * Before the transaction that posts the calls: what is admitted stays so whatever becomes of
     * them, and nobody who posts waits for somebody who admits.
     */
    void admit(List<Use> uses) {
        if (uses.isEmpty() || !hasFresh(uses)) {
            return;
        }
        transactions.executeWithoutResult(status -> {
            platform.sql("SELECT pg_advisory_xact_lock(?)")
                    .param(AdvisoryLock.LABELS.number())
                    .query()
                    .singleRow();
            // Of its own snapshot: it sees what was admitted while this waited.
            of(uses, FRESH + "INSERT INTO usage_label SELECT tenant_id, day, label FROM fresh")
                    .update();
        });
    }

    private boolean hasFresh(List<Use> uses) {
        return of(uses, FRESH + "SELECT EXISTS (SELECT FROM fresh)").query(Boolean.class).single();
    }

    private JdbcClient.StatementSpec of(List<Use> uses, String sql) {
        return platform.sql(sql)
                .param(
                        "tenants",
                        uses.stream().map(use -> use.tenant().value()).toArray(UUID[]::new))
                .param(
                        "days",
                        uses.stream().map(use -> use.day().toString()).toArray(String[]::new))
                .param("labels", uses.stream().map(Use::label).toArray(String[]::new))
                .param("most", most);
    }
}
