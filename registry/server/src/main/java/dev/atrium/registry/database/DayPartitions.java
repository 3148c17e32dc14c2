package dev.atrium.registry.database;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The days of tables that are cut by them. They belong to the owner, who lets the platform make and
 * drop them by two functions, {@code <name>_ensure_partitions} and {@code <name>_drop_partitions}.
 */
public final class DayPartitions {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final JdbcClient platform;
    private final String name;
    private final Set<LocalDate> known = ConcurrentHashMap.newKeySet();

    /**
     * @param name in front of both functions
     */
    public DayPartitions(JdbcClient platform, String name) {
        this.platform = platform;
        this.name = name;
    }

    /**
     * Makes what is missing, in a transaction of its own, because that locks the whole table.
     *
     * @param days that rows are about to be written to
     */
    public void ensure(Set<LocalDate> days) {
        for (LocalDate day : days) {
            if (!known.contains(day)) {
                ensure(day, day);
            }
        }
    }

    /** The same for all days from the first to the last, without looking whether it was done. */
    public void ensure(LocalDate first, LocalDate last) {
        platform.sql("SELECT " + name + "_ensure_partitions(?, ?)")
                .params(first, last)
                .query(Integer.class)
                .single();
        first.datesUntil(last.plusDays(1)).forEach(known::add);
    }

    /**
     * Drops days as a whole.
     *
     * @return how many tables are gone; empty where somebody was reading, who goes first
     */
    public OptionalInt dropBefore(LocalDate firstKept) {
        try {
            int dropped =
                    platform.sql("SELECT " + name + "_drop_partitions(?)")
                            .param(firstKept)
                            .query(Integer.class)
                            .single();
            known.removeIf(day -> day.isBefore(firstKept));
            return OptionalInt.of(dropped);
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof SQLException sql
                    && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }
}
