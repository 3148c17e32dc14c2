package dev.atrium.registry.error;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Tells a database that does not answer from every other failure, wherever it shows: at the
 * beginning of a transaction, within it, at its end, or in a filter before there is one.
 */
final class DatabaseLost {
    static final String DETAIL = "the database does not answer; try again";
    static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /** SQL's class for connections. */
    private static final String CONNECTION = "08";

    /** PostgreSQL's class for a server that stops or starts. */
    private static final String SHUTDOWN = "57P";

    private static final int DEEPEST = 20;

    private DatabaseLost() {}

    static boolean isBehind(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof DataAccessResourceFailureException
                    || cause instanceof SQLTransientConnectionException
                    || (cause instanceof SQLException sql && isOfConnection(sql))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isOfConnection(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith(CONNECTION) || state.startsWith(SHUTDOWN));
    }
}
