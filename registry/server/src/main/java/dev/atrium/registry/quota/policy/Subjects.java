package dev.atrium.registry.quota.policy;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sees to it that a policy is for something that its tenant has or sees. */
@Component
class Subjects {
    private final JdbcClient jdbc;

    Subjects(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** In the tenant's transaction: row level security decides which models are there. */
    void require(TenantId tenant, PolicySubject subject) {
        if (subject.projectId() != null) {
            require(
                    "SELECT FROM project WHERE tenant_id = ? AND id = ?",
                    List.of(tenant.value(), subject.projectId().value()),
                    "'subject.projectId' names no project of this tenant");
        }
        if (subject.apiKeyId() != null) {
            require(
                    "SELECT FROM api_key WHERE tenant_id = ? AND id = ?",
                    List.of(tenant.value(), subject.apiKeyId()),
                    "'subject.apiKeyId' names no API key of this tenant");
        }
        if (subject.model() != null && !sees(subject.model())) {
            throw new InvalidRequestException(
                    "'subject.model' names no model that this tenant sees");
        }
    }

    private void require(String question, List<Object> parameters, String otherwise) {
        if (!isThere(question, parameters)) {
            throw new InvalidRequestException(otherwise);
        }
    }

    boolean sees(ModelName model) {
        return isThere(
                "SELECT FROM model WHERE name = ? AND tenant_slug(tenant_id) = ?",
                List.of(model.name(), model.tenant()));
    }

    private boolean isThere(String question, List<Object> parameters) {
        return !jdbc.sql(question).params(parameters).query().listOfRows().isEmpty();
    }

    List<PolicySubject> projects(TenantId tenant) {
        return jdbc.sql("SELECT id FROM project WHERE tenant_id = ? ORDER BY id")
                .param(tenant.value())
                .query((row, number) ->
                        new PolicySubject(
                                new ProjectId(row.getObject("id", UUID.class)), null, null))
                .list();
    }

    /** Of keys with which calls can be made. */
    List<PolicySubject> keys(TenantId tenant, Instant now) {
        return jdbc.sql(
                        """
                        SELECT id FROM api_key
                        WHERE tenant_id = ? AND revoked_at IS NULL
                          AND (expires_at IS NULL OR expires_at > ?)
                        ORDER BY id
                        """)
                .params(tenant.value(), atUtc(now))
                .query((row, number) -> new PolicySubject(null, row.getString("id"), null))
                .list();
    }
}
