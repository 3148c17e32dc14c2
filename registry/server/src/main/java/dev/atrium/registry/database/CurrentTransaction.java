package dev.atrium.registry.database;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * SQL on the connection of the transaction that is open, whichever of the two managers began it;
 * for what must be written with any business change (audit, feed).
 */
@Component
public final class CurrentTransaction {
    private final DataSource app;
    private final DataSource platform;
    private final JdbcClient appJdbc;
    private final JdbcClient platformJdbc;

    CurrentTransaction(
            DataSource app,
            @Qualifier("platformDataSource") DataSource platform,
            JdbcClient appJdbc,
            @Qualifier("platformJdbc") JdbcClient platformJdbc) {
        this.app = app;
        this.platform = platform;
        this.appJdbc = appJdbc;
        this.platformJdbc = platformJdbc;
    }

    /**
     * @throws IllegalStateException without a transaction, or inside transactions of both managers,
     *     where nobody could say which one is meant
     */
    public JdbcClient jdbc() {
        boolean inApp = hasTransaction(app);
        boolean inPlatform = hasTransaction(platform);
        if (!TransactionSynchronizationManager.isActualTransactionActive() || inApp == inPlatform) {
            throw new IllegalStateException("needs exactly one open transaction");
        }
        return inApp ? appJdbc : platformJdbc;
    }

    /**
     * Inside a transaction of one pool, a mere query on the other binds that one's connection to
     * the thread as well, but in auto-commit.
     */
    private static boolean hasTransaction(DataSource pool) {
        ConnectionHolder holder =
                (ConnectionHolder) TransactionSynchronizationManager.getResource(pool);
        try {
            return holder != null && !holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot tell which transaction is open", e);
        }
    }
}
