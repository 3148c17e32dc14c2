package dev.atrium.simulation.database;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;

/** Transactions of the twin for who begins and ends them by themselves. */
public final class MemoryTransactions implements PlatformTransactionManager {
    private final MemoryDatabase database;

    public MemoryTransactions(MemoryDatabase database) {
        this.database = database;
    }

    @Override
    public TransactionStatus getTransaction(TransactionDefinition definition) {
        database.begin();
        return new SimpleTransactionStatus();
    }

    @Override
    public void commit(TransactionStatus status) {
        database.commit();
    }

    @Override
    public void rollback(TransactionStatus status) {
        database.rollback();
    }
}
