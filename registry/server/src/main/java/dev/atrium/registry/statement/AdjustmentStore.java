package dev.atrium.registry.statement;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.statement.Adjustment;
import dev.atrium.registry.api.statement.AdjustmentKind;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.usage.MediaColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Corrections and credits in the database, in the caller's platform transaction. */
@Component
class AdjustmentStore {
    /** What is to be posted; what it is about is known to be right. */
    record Wish(
            AdjustmentKind kind,
            @Nullable UUID callId,
            LocalDate day,
            ModelName model,
            long calls,
            long inputTokens,
            long outputTokens,
            long computeMicros,
            Media media,
            @Nullable Cost cost,
            String reason) {}

    private final JdbcClient platform;

    AdjustmentStore(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    Adjustment add(TenantId tenant, LocalDate statementDay, Wish wish, String approvedBy) {
        Cost cost = wish.cost();
        return platform.sql(
                        """
                        INSERT INTO usage_adjustment (tenant_id, statement_day, kind, call_id, day,
                            model_name, calls, input_tokens, output_tokens, compute_micros,
                            images, audio_millis, cost_micros, currency, reason, approved_by)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *
                        """)
                .params(
                        Arrays.asList(
                                tenant.value(),
                                statementDay,
                                wish.kind().name(),
                                wish.callId(),
                                wish.day(),
                                wish.model().toString(),
                                wish.calls(),
                                wish.inputTokens(),
                                wish.outputTokens(),
                                wish.computeMicros(),
                                wish.media().images(),
                                wish.media().audioMillis(),
                                cost == null ? null : cost.micros(),
                                cost == null ? null : cost.currency(),
                                wish.reason(),
                                approvedBy))
                .query(AdjustmentStore::adjustment)
                .single();
    }

    int count(TenantId tenant, LocalDate statementDay) {
        return platform.sql(
                        """
                        SELECT count(*) FROM usage_adjustment
                        WHERE tenant_id = ? AND statement_day = ?
                        """)
                .params(tenant.value(), statementDay)
                .query(Integer.class)
                .single();
    }

    List<Adjustment> ofStatement(TenantId tenant, LocalDate day) {
        return platform.sql(
                        """
                        SELECT * FROM usage_adjustment
                        WHERE tenant_id = ? AND statement_day = ? ORDER BY id
                        """)
                .params(tenant.value(), day)
                .query(AdjustmentStore::adjustment)
                .list();
    }

    /** The model of a call of the tenant's ledger. */
    Optional<ModelName> modelOf(TenantId tenant, UUID callId, LocalDate day) {
        return platform.sql(
                        """
                        SELECT model_name FROM usage_record
                        WHERE tenant_id = ? AND day = ? AND call_id = ?
                        """)
                .params(tenant.value(), day, callId)
                .query((row, number) -> ModelName.of(row.getString("model_name")))
                .optional();
    }

    static Adjustment adjustment(ResultSet row, int number) throws SQLException {
        String currency = row.getString("currency");
        return new Adjustment(
                row.getObject("id", UUID.class),
                AdjustmentKind.valueOf(row.getString("kind")),
                row.getObject("statement_day", LocalDate.class),
                row.getObject("call_id", UUID.class),
                row.getObject("day", LocalDate.class),
                ModelName.of(row.getString("model_name")),
                row.getLong("calls"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("compute_micros"),
                currency == null ? null : new Cost(row.getLong("cost_micros"), currency),
                row.getString("reason"),
                row.getString("approved_by"),
                row.getObject("approved_at", OffsetDateTime.class).toInstant(),
                MediaColumns.of(row));
    }
}
