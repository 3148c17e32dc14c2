package dev.atrium.node.model;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a download of which no byte has come for too long; the HTTP client would wait for ever. */
final class StallGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StallGuard.class);

    private final InputStream watched;
    private final Duration longest;
    private final Thread watcher;
    private volatile long lastProgress = System.nanoTime();

    StallGuard(InputStream watched, Duration longest) {
        this.watched = watched;
        this.longest = longest;
        this.watcher = Thread.ofVirtual().name("stall-guard").start(this::watch);
    }

    void progress() {
        lastProgress = System.nanoTime();
    }

    private void watch() {
        try {
            long left = longest.toNanos();
            while (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
                left = longest.toNanos() - (System.nanoTime() - lastProgress);
            }
            LOG.warn("a download stands still and is ended");
            watched.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("a download does not close", e);
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
