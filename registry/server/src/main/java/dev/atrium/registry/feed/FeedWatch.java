package dev.atrium.registry.feed;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Knows when the change log grows and wakes who waits for it.
 *
 * <p>Listens on a connection of its own, because a pooled one would be shared; looks at the log
 * itself each second as well, so that a notification that got lost costs no more than that. Stops
 * before the web server does and lets everybody go, so that a restart is not held up.
 */
@Component
class FeedWatch implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(FeedWatch.class);

    private final HikariDataSource settings;
    private final FeedLog feed;
    private final FeedProperties properties;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private long newest;
    private volatile boolean running;
    private @Nullable Thread listener;

    FeedWatch(
            @Qualifier("platformDataSource") HikariDataSource settings,
            FeedLog feed,
            FeedProperties properties) {
        this.settings = settings;
        this.feed = feed;
        this.properties = properties;
    }

    /** Returns once something above the revision is committed, or the time is over, or we stop. */
    void awaitNewer(long after, Duration wait) throws InterruptedException {
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

    private void advance(long revision) {
        lock.lock();
        try {
            if (revision > newest) {
                newest = revision;
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
                statement.execute("LISTEN atrium_feed");
                PGConnection notifications = connection.unwrap(PGConnection.class);
                while (running) {
                    waitForNotification(notifications);
                }
            } catch (SQLException | DataAccessException lost) {
                if (running) {
                    log.warn("not listening for feed changes, trying again: {}", lost.toString());
                    pause();
                }
            }
        }
    }

    private void waitForNotification(PGConnection notifications) throws SQLException {
        PGNotification[] arrived =
                notifications.getNotifications((int) properties.poll().toMillis());
        if (arrived == null || arrived.length == 0) {
            advance(feed.newest());
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
            TimeUnit.MILLISECONDS.sleep(properties.poll().toMillis());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        running = true;
        listener = Thread.ofVirtual().name("feed-watch").start(this::listen);
    }

    @Override
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

    @Override
    public boolean isRunning() {
        return running;
    }
}
