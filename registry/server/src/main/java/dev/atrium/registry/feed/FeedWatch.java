package dev.atrium.registry.feed;

import com.zaxxer.hikari.HikariDataSource;
import dev.atrium.registry.database.SequenceWatch;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Knows when the change log grows. Stops before the web server does and lets everybody go, so that
 * a restart is not held up.
 */
@Component
class FeedWatch implements SmartLifecycle {
    private final SequenceWatch watch;

    FeedWatch(
            @Qualifier("platformDataSource") HikariDataSource settings,
            FeedLog feed,
            FeedProperties properties) {
        this.watch = new SequenceWatch(settings, "atrium_feed", feed::newest, properties.poll());
    }

    /** Returns once something above the revision is committed, or the time is over, or we stop. */
    void awaitNewer(long after, Duration wait) throws InterruptedException {
        watch.awaitNewer(after, wait);
    }

    @Override
    public void start() {
        watch.start();
    }

    @Override
    public void stop() {
        watch.stop();
    }

    @Override
    public boolean isRunning() {
        return watch.isRunning();
    }
}
