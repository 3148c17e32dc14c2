package dev.atrium.registry.quota.lease;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.quota.window.WindowKey;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Where requests wait for what other gateways give back, at whichever registry they do.
 *
 * <p>However many wait for one window, one of them looks at it every few milliseconds and tells the
 * others; between two looks nobody holds a connection.
 */
@Component
class FreedWindows {
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final JdbcClient platform;
    private final ConcurrentMap<WindowKey, Watched> watched = new ConcurrentHashMap<>();

    FreedWindows(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /** Returns when as much was seen free, or the time is over. */
    void await(WindowKey window, long limit, long wanted, Duration patience)
            throws InterruptedException {
        Watched watch = watched.compute(window, (key, present) -> join(present));
        try {
            watch.await(window, limit - wanted, System.nanoTime() + patience.toNanos());
        } finally {
            watched.computeIfPresent(window, (key, present) -> leave(present));
        }
    }

    private Watched join(@Nullable Watched present) {
        Watched joined = present == null ? new Watched() : present;
        joined.waiting++;
        return joined;
    }

    private static @Nullable Watched leave(Watched present) {
        present.waiting--;
        return present.waiting == 0 ? null : present;
    }

    private long taken(WindowKey window) {
        return platform.sql(
                        """
                        SELECT used + reserved + unreconciled FROM quota_window
                        WHERE policy_id = ? AND starts_at = ?
                        """)
                .params(window.policy().value(), atUtc(window.start()))
                .query(Long.class)
                .optional()
                .orElse(Long.MAX_VALUE);
    }

    private final class Watched {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition looked = lock.newCondition();

        /** Guarded by the map's entry. */
        private int waiting;

        private boolean someoneLooks;
        private long looks;
        private long taken;

        private void await(WindowKey window, long atMost, long deadline)
                throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long seen = looks;
                while (looks == seen || taken > atMost) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return;
                    }
                    if (someoneLooks) {
                        looked.awaitNanos(left);
                    } else {
                        look(window, Math.min(left, LOOK_EVERY_NANOS));
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        private void look(WindowKey window, long pause) throws InterruptedException {
            long found = taken;
            someoneLooks = true;
            lock.unlock();
            try {
                TimeUnit.NANOSECONDS.sleep(pause);
                found = taken(window);
            } finally {
                lock.lock();
                taken = found;
                looks++;
                someoneLooks = false;
                looked.signalAll();
            }
        }
    }
}
