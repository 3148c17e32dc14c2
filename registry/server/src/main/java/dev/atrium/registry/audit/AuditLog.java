package dev.atrium.registry.audit;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.CurrentTransaction;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.error.RequestId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;

/**
 * Writes audit rows into the transaction that is open, so that a write and its row stand or fall
 * together. The actor is the authenticated one, {@code system} where there is none.
 */
@Service
public class AuditLog {
    private static final String SYSTEM = "system";

    private final CurrentTransaction transaction;

    AuditLog(CurrentTransaction transaction) {
        this.transaction = transaction;
    }

    /**
     * In the tenant of the scope; in none, as an act of the platform, where no tenant is in scope.
     *
     * @param action a past fact such as {@code api_key.revoked}
     * @param subject kind and name of what it was done to
     * @param detail what else a reader needs; never a secret
     */
    public void record(String action, String subject, @Nullable String detail) {
        write(TenantScope.current().orElse(null), actor(), action, subject, detail);
    }

    /** The same in a platform transaction, for a tenant that need not be in scope. */
    public void record(TenantId tenant, String action, String subject, @Nullable String detail) {
        write(tenant, actor(), action, subject, detail);
    }

    /** An act that no authenticated request stands for, such as a sign-in. */
    public void recordAs(
            String actor,
            @Nullable TenantId tenant,
            String action,
            String subject,
            @Nullable String detail) {
        write(tenant, actor, action, subject, detail);
    }

    private void write(
            @Nullable TenantId tenant,
            String actor,
            String action,
            String subject,
            @Nullable String detail) {
        transaction
                .jdbc()
                .sql(
                        """
                        INSERT INTO audit_entry (tenant_id, actor, action, subject, detail, request_id)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        Arrays.asList(
                                tenant == null ? null : tenant.value(),
                                actor,
                                action,
                                subject,
                                detail,
                                RequestId.current()))
                .update();
    }

    private static String actor() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication == null || authentication instanceof AnonymousAuthenticationToken
                ? SYSTEM
                : authentication.getName();
    }
}
