package dev.atrium.registry.database;

import dev.atrium.registry.api.tenancy.TenantId;
import jakarta.persistence.EntityManagerFactory;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells PostgreSQL the tenant at the beginning of each transaction. The setting is local to the
 * transaction, so nothing of it stays with a pooled connection.
 */
final class TenantTransactionManager extends JpaTransactionManager {
    private final DataSource dataSource;

    TenantTransactionManager(EntityManagerFactory factory, DataSource dataSource) {
        super(factory);
        this.dataSource = dataSource;
        setDataSource(dataSource);
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        TenantId tenant = TenantScope.current().orElse(null);
        if (tenant == null) {
            return;
        }
        try {
            setTenant(tenant);
        } catch (SQLException | RuntimeException e) {
            rollBack();
            doCleanupAfterCompletion(transaction);
            throw new CannotCreateTransactionException("cannot set the transaction's tenant", e);
        }
    }

    /**
     * Flushes before the synchronizations run, so that what they lock last (the feed's order) is
     * not followed by row locks.
     */
    @Override
    protected void prepareForCommit(DefaultTransactionStatus status) {
        if (status.isNewTransaction() && !status.isReadOnly()) {
            entityManagerHolder().getEntityManager().flush();
        }
    }

    private void setTenant(TenantId tenant) throws SQLException {
        ConnectionHolder holder =
                (ConnectionHolder) TransactionSynchronizationManager.getResource(dataSource);
        try (PreparedStatement statement =
                Objects.requireNonNull(holder, "JPA exposes its connection")
                        .getConnection()
                        .prepareStatement("SELECT set_config('atrium.tenant', ?, true)")) {
            statement.setString(1, tenant.toString());
            statement.execute();
        }
    }

    private void rollBack() {
        entityManagerHolder().getEntityManager().getTransaction().rollback();
    }

    private EntityManagerHolder entityManagerHolder() {
        Object holder =
                TransactionSynchronizationManager.getResource(
                        Objects.requireNonNull(getEntityManagerFactory()));
        return (EntityManagerHolder) Objects.requireNonNull(holder, "a transaction has begun");
    }
}
