package dev.atrium.registry.usage;

import dev.atrium.registry.database.AdvisoryLock;
import java.time.LocalDate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which days of the ledger are closed. Whoever posts keeps them as they are until its transaction
 * ends, so a record is either there when its day is closed or knows that it comes too late.
 */
@Component
public class LedgerDays {
    private final JdbcClient platform;

    LedgerDays(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /**
     * No day is closed until this transaction ends; before the statement that posts, whose snapshot
     * must be younger. Many may do so at once.
     */
    public void keepOpen() {
        platform.sql("SELECT pg_advisory_xact_lock_shared(?)")
                .param(AdvisoryLock.LEDGER_DAYS.number())
                .query()
                .singleRow();
    }

    /** Waits until nobody posts and lets nobody post until this transaction ends. */
    public void holdPostings() {
        platform.sql("SELECT pg_advisory_xact_lock(?)")
                .param(AdvisoryLock.LEDGER_DAYS.number())
                .query()
                .singleRow();
    }

    /** The first day that is not closed; it may lie in the past, for days are closed in order. */
    public LocalDate open() {
        return platform.sql("SELECT usage_open_day()").query(LocalDate.class).single();
    }
}
