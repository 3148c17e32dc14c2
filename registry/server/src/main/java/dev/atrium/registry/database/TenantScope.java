package dev.atrium.registry.database;

import dev.atrium.registry.api.tenancy.TenantId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tenant whose rows the transactions begun here can see.
 *
 * <p>Bound to a stretch of code, not to a thread: the request filter binds the caller's tenant,
 * jobs bind the tenant they work for. It counts when a transaction begins; changing it inside one
 * has no effect on that one.
 */
public final class TenantScope {
    private static final ScopedValue<TenantId> TENANT = ScopedValue.newInstance();

    private TenantScope() {}

    /** Empty outside of any scope: a transaction begun now sees no tenant's rows. */
    public static Optional<TenantId> current() {
        return TENANT.isBound() ? Optional.of(TENANT.get()) : Optional.empty();
    }

    /**
     * The current tenant where there must be one.
     *
     * @throws IllegalStateException outside of any scope
     */
    public static TenantId required() {
        return current().orElseThrow(() -> new IllegalStateException("no tenant is in scope"));
    }

    public static <T extends @Nullable Object, X extends Throwable> T call(
            TenantId tenant, ScopedValue.CallableOp<? extends T, X> work) throws X {
        return ScopedValue.where(TENANT, tenant).call(work);
    }

    public static void run(TenantId tenant, Runnable work) {
        ScopedValue.where(TENANT, tenant).run(work);
    }
}
