package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Hourly sums as the intake would leave them, without the calls behind them. */
final class TestSums {
    private final JdbcClient platform;

    TestSums(JdbcClient platform) {
        this.platform = platform;
    }

    void add(
            TenantId tenant,
            Instant hour,
            UUID project,
            String principal,
            String model,
            int version,
            @Nullable String currency,
            long calls) {
        add(tenant, hour, project, principal, model, version, currency, calls, null);
    }

    void add(
            TenantId tenant,
            Instant hour,
            UUID project,
            String principal,
            String model,
            int version,
            @Nullable String currency,
            long calls,
            @Nullable String label) {
        platform.sql(
                        """
                        INSERT INTO usage_hourly (hour, tenant_id, project_id, principal_kind,
                            principal_id, model_name, version, operation, calls, failed_calls,
                            input_tokens, output_tokens, compute_micros, currency, cost_micros, label)
                        VALUES (:hour, :tenant, :project, 'API_KEY', :principal, :model, :version,
                            'CHAT', :calls, 1, 10 * :calls, 2 * :calls, 1000 * :calls, :currency,
                            CASE WHEN :currency::text IS NOT NULL THEN 1500 * :calls END, :label)
                        """)
                .param("hour", hour.atOffset(ZoneOffset.UTC))
                .param("tenant", tenant.value())
                .param("project", project)
                .param("principal", principal)
                .param("model", model)
                .param("version", version)
                .param("currency", currency)
                .param("calls", calls)
                .param("label", label)
                .update();
    }

    /** 31 days of 20 keys and 5 models in every hour, 10,000,000 calls and a few. */
    void addTenMillionCalls(TenantId tenant, Instant from) {
        platform.sql(
                        """
                        INSERT INTO usage_hourly (hour, tenant_id, project_id, principal_kind,
                            principal_id, model_name, version, operation, calls, failed_calls,
                            input_tokens, output_tokens, compute_micros, currency, cost_micros)
                        SELECT ?::timestamptz + h * interval '1 hour', ?,
                               ('00000000-0000-0000-0000-00000000000' || k % 4)::uuid, 'API_KEY',
                               'key-' || k, 'acme/model-' || m, 1, 'CHAT', 135, 1, 1350, 270,
                               135000, 'EUR', 2000
                        FROM generate_series(0, 743) h, generate_series(1, 20) k,
                             generate_series(1, 5) m
                        """)
                .params(from.atOffset(ZoneOffset.UTC), tenant.value())
                .update();
    }
}
