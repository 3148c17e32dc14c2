package dev.atrium.registry.statement;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.leader.Leadership;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The leader's daily work: close what can be closed, then make the statements that are missing. It
 * goes on where a leader that died stopped.
 */
@Component
class StatementDuty {
    private static final Logger log = LoggerFactory.getLogger(StatementDuty.class);
    private static final String INTERVAL = "${atrium.registry.statement.interval:1m}";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /**
     * A tenant has statements from the day it was made on; from the day before where that was so
     * early that a gateway's clock could have been in it still.
     */
    static final String FIRST_DAY = "(timezone('UTC', t.created_at - interval '1 hour'))::date";

    private record Missing(LocalDate day, TenantId tenant) {}

    private final Leadership leadership;
    private final JdbcClient platform;
    private final Books books;
    private final StatementMaker maker;

    StatementDuty(
            Leadership leadership,
            @Qualifier("platformJdbc") JdbcClient platform,
            Books books,
            StatementMaker maker) {
        this.leadership = leadership;
        this.platform = platform;
        this.books = books;
        this.maker = maker;
    }

    @Scheduled(initialDelayString = INTERVAL, fixedDelayString = INTERVAL)
    void run() {
        if (!leadership.isLeader()) {
            return;
        }
        closeDays();
        makeStatements();
    }

    private void closeDays() {
        try {
            Optional<LocalDate> closed = books.closeNext();
            while (closed.isPresent()) {
                log.info("closed the ledger's day {}", closed.get());
                closed = books.closeNext();
            }
        } catch (DataAccessException e) {
            if (!(e.getMostSpecificCause() instanceof SQLException sql)
                    || !LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                throw e;
            }
            log.info("the ledger is busy; its day is closed later");
        }
    }

    /** A tenant without one statement gets no later one, for that has to name it. */
    private void makeStatements() {
        Set<TenantId> failed = new HashSet<>();
        for (LocalDate day : unstatedDays()) {
            missing(day).stream()
                    .filter(missing -> failed.contains(missing.tenant()) || !isMade(missing))
                    .forEach(missing -> failed.add(missing.tenant()));
            if (failed.isEmpty() && books.markStated(day)) {
                log.info("every tenant has its statement of {}", day);
            }
        }
    }

    /** What is wrong with one tenant's books does not keep the others from theirs. */
    private boolean isMade(Missing missing) {
        try {
            maker.make(missing.tenant(), missing.day());
            return true;
        } catch (DataAccessException | IllegalStateException e) {
            log.error("no statement of {} for {}", missing.day(), missing.tenant(), e);
            return false;
        }
    }

    private List<LocalDate> unstatedDays() {
        return platform.sql(
                        """
                        SELECT day FROM usage_closed_day
                        WHERE NOT EXISTS (SELECT FROM usage_stated_day s
                                          WHERE s.day = usage_closed_day.day)
                        ORDER BY day
                        """)
                .query((row, number) -> row.getObject("day", LocalDate.class))
                .list();
    }

    private List<Missing> missing(LocalDate day) {
        return platform.sql(
                        """
                        SELECT t.id FROM tenant t
                        WHERE %s <= ? AND NOT EXISTS (
                            SELECT FROM usage_statement s WHERE s.tenant_id = t.id AND s.day = ?)
                        ORDER BY t.id
                        """
                                .formatted(FIRST_DAY))
                .params(day, day)
                .query((row, number) ->
                        new Missing(day, new TenantId(row.getObject("id", UUID.class))))
                .list();
    }
}
