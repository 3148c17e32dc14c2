package dev.atrium.registry.database;

import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
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
        boolean inApp = TransactionSynchronizationManager.hasResource(app);
        boolean inPlatform = TransactionSynchronizationManager.hasResource(platform);
        if (!TransactionSynchronizationManager.isActualTransactionActive() || inApp == inPlatform) {
            throw new IllegalStateException("needs exactly one open transaction");
        }
        return inApp ? appJdbc : platformJdbc;
    }
}
