package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.error.InvalidRequestException;
import java.util.List;
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
        if (subject.model() != null) {
            require(
                    "SELECT FROM model WHERE name = ? AND tenant_slug(tenant_id) = ?",
                    List.of(subject.model().name(), subject.model().tenant()),
                    "'subject.model' names no model that this tenant sees");
        }
    }

    private void require(String question, List<Object> parameters, String otherwise) {
        if (jdbc.sql(question).params(parameters).query().listOfRows().isEmpty()) {
            throw new InvalidRequestException(otherwise);
        }
    }
}
