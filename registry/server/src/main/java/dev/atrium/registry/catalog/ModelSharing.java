package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** With whom models are shared. Slugs of other tenants are read as the platform. */
@Component
class ModelSharing {
    private static final int MAX_SHARES = 200;

    private final JdbcClient jdbc;
    private final JdbcClient platform;
    private final TransactionTemplate platformTransactions;

    ModelSharing(
            JdbcClient jdbc,
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate platformTransactions) {
        this.jdbc = jdbc;
        this.platform = platform;
        this.platformTransactions = platformTransactions;
    }

    /** What the caller may choose. */
    static Visibility checked(Caller caller, @Nullable Visibility wished, Visibility before) {
        if (wished == null) {
            return before;
        }
        if (wished == Visibility.PUBLIC && before != wished && !caller.platformAdmin()) {
            throw new MissingScopeException(
                    "making a model PUBLIC", dev.atrium.registry.api.identity.Scope.PLATFORM_ADMIN);
        }
        return wished;
    }

    /** Ids of the tenants that a model is to be shared with; none unless it is SHARED. */
    List<UUID> resolve(Visibility visibility, @Nullable List<String> slugs, TenantId owner) {
        List<String> wished = slugs == null ? List.of() : slugs;
        if (visibility != Visibility.SHARED && !wished.isEmpty()) {
            throw new InvalidRequestException(
                    "'sharedWith' needs the visibility SHARED, not " + visibility);
        }
        if (wished.size() > MAX_SHARES) {
            throw new InvalidRequestException(
                    "'sharedWith' has " + wished.size() + " tenants, at most " + MAX_SHARES);
        }
        Map<String, UUID> known = directory(wished);
        for (String slug : wished) {
            if (!known.containsKey(slug) || owner.value().equals(known.get(slug))) {
                throw new InvalidRequestException(
                        "'sharedWith' has '" + slug + "', which is no other tenant");
            }
        }
        return List.copyOf(known.values());
    }

    /** In a transaction of its own, so that the caller's stays one of the tenant alone. */
    private Map<String, UUID> directory(List<String> slugs) {
        Map<String, UUID> known = new TreeMap<>();
        platformTransactions.executeWithoutResult(status ->
                platform.sql("SELECT slug, id FROM tenant_directory WHERE slug = ANY (?)")
                        .param(slugs.toArray(String[]::new))
                        .query(row -> {
                            known.put(row.getString("slug"), row.getObject("id", UUID.class));
                        }));
        return known;
    }

    void replace(TenantId owner, ModelId model, List<UUID> tenants) {
        jdbc.sql("DELETE FROM model_share WHERE tenant_id = ? AND model_id = ?")
                .params(owner.value(), model.value())
                .update();
        for (UUID tenant : tenants) {
            jdbc.sql(
                            """
                            INSERT INTO model_share (tenant_id, model_id, shared_tenant_id)
                            VALUES (?, ?, ?)
                            """)
                    .params(owner.value(), model.value(), tenant)
                    .update();
        }
    }
}
