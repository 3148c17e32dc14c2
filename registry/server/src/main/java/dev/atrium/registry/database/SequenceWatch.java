package dev.atrium.registry.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Knows when a log with growing numbers grows and wakes who waits for it.
 *
 * <p>Listens on a connection of its own, because a pooled one would be shared; looks at the log
 * itself now and then as well, so that a notification that got lost costs no more than that.
 */
public final class SequenceWatch {
    private static final Logger log = LoggerFactory.getLogger(SequenceWatch.class);

    private final HikariDataSource settings;
    private final String channel;
    private final LongSupplier look;
    private final Duration poll;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private long newest;
    private volatile boolean running;
    private @Nullable Thread listener;

    /**
     * @param settings how to connect
     * @param channel where the number of what was added is notified
     * @param look the highest number that is committed
     * @param poll how often to look
     */
    public SequenceWatch(
            HikariDataSource settings, String channel, LongSupplier look, Duration poll) {
        this.settings = settings;
        this.channel = channel;
        this.look = look;
        this.poll = poll;
    }

    /** Returns once something above the number is committed, or the time is over, or we stop. */
    public void awaitNewer(long after, Duration wait) throws InterruptedException {
        long nanos = wait.toNanos();
        lock.lockInterruptibly();
        try {
            while (running && newest <= after && nanos > 0) {
                nanos = grown.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The highest number known to be committed; 0 while none is. */
    public long newest() {
        lock.lock();
        try {
            return newest;
        } finally {
            lock.unlock();
        }
    }

    public void start() {
        running = true;
        listener = Thread.ofVirtual().name(channel + "-watch").start(this::listen);
    }

    /** Lets everybody go. */
    public void stop() {
        running = false;
        lock.lock();
        try {
            grown.signalAll();
        } finally {
            lock.unlock();
        }
        if (listener != null) {
            listener.interrupt();
        }
    }

    public boolean isRunning() {
        return running;
    }

    private void advance(long number) {
        lock.lock();
        try {
            if (number > newest) {
                newest = number;
                grown.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void listen() {
        while (running) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + channel);
                PGConnection notifications = connection.unwrap(PGConnection.class);
                while (running) {
                    waitForNotification(notifications);
                }
            } catch (SQLException | DataAccessException lost) {
                if (running) {
                    log.warn("not listening on {}, trying again: {}", channel, lost.toString());
                    pause();
                }
            }
        }
    }

    private void waitForNotification(PGConnection notifications) throws SQLException {
        PGNotification[] arrived = notifications.getNotifications((int) poll.toMillis());
        if (arrived == null || arrived.length == 0) {
            advance(look.getAsLong());
            return;
        }
        advance(Long.parseLong(arrived[arrived.length - 1].getParameter()));
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                settings.getJdbcUrl(), settings.getUsername(), settings.getPassword());
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(poll.toMillis());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
