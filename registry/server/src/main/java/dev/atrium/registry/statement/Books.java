package dev.atrium.registry.statement;

import dev.atrium.registry.usage.LedgerDays;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Closes the ledger's days, one after the other, once they are over and settled. */
@Component
class Books {
    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final LedgerDays days;
    private final StatementProperties properties;
    private final Clock clock;

    Books(
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            LedgerDays days,
            StatementProperties properties,
            Clock clock) {
        this.platform = platform;
        this.transactions = transactions;
        this.days = days;
        this.properties = properties;
        this.clock = clock;
    }

    /** The day that was closed; empty while the first open one has to stay so. */
    Optional<LocalDate> closeNext() {
        LocalDate day = days.open();
        Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant now = clock.instant();
        if (now.isBefore(end.plus(properties.grace()))) {
            return Optional.empty();
        }
        long open = openOrphans(end);
        if (open > 0 && now.isBefore(end.plus(properties.orphanPatience()))) {
            return Optional.empty();
        }
        Boolean closed = transactions.execute(status -> close(day, open));
        return Boolean.TRUE.equals(closed) ? Optional.of(day) : Optional.empty();
    }

    /** Of the day or before it, by the time inside their ids. */
    private long openOrphans(Instant end) {
        return platform.sql(
                        """
                        SELECT count(*) FROM usage_orphan
                        WHERE resolved_at IS NULL AND uuid_extract_timestamp(call_id) < ?
                        """)
                .param(end.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /** Another registry may have been faster. */
    private boolean close(LocalDate day, long openOrphans) {
        // Whoever posts waits behind us, so we do not wait long for those before us.
        platform.sql("SET LOCAL lock_timeout = '2s'").update();
        days.holdPostings();
        return platform.sql(
                                """
                                INSERT INTO usage_closed_day (day, open_orphans)
                                VALUES (?, ?) ON CONFLICT DO NOTHING
                                """)
                        .params(day, openOrphans)
                        .update()
                > 0;
    }

    /**
     * Says that every tenant has its statement of the day.
     *
     * @return false if that was known
     */
    boolean markStated(LocalDate day) {
        return platform.sql("INSERT INTO usage_stated_day (day) VALUES (?) ON CONFLICT DO NOTHING")
                        .param(day)
                        .update()
                > 0;
    }
}
