package dev.atrium.gateway.authentication;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atrium.gateway.MonotonicClock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Counts wrong credentials per client address in windows of a minute. The table is bounded: an
 * attacker with more addresses than it holds pushes out the oldest, and meets 160-bit secrets all
 * the same.
 */
@Component
class FailedCredentials {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final MonotonicClock clock;
    private final int limit;
    private final Cache<String, Window> windows;

    FailedCredentials(AuthenticationProperties properties, MonotonicClock clock) {
        this.clock = clock;
        this.limit = properties.failuresPerMinute();
        this.windows =
                Caffeine.newBuilder()
                        .maximumSize(properties.failureTableSize())
                        .executor(Runnable::run)
                        .build();
    }

    private record Window(long startedAt, int failures) {}

    /**
     * Counts one failure.
     *
     * @return how long the address must wait, once it is over the limit
     */
    Optional<Duration> count(String address) {
        long now = clock.nanos();
        Window window =
                windows.asMap()
                        .compute(
                                address,
                                (key, known) ->
                                        known == null || isOver(known, now)
                                                ? new Window(now, 1)
                                                : new Window(known.startedAt, known.failures + 1));
        return waitOf(window, now);
    }

    /** How long the address must wait; empty while it may try. */
    Optional<Duration> waitOf(String address) {
        Window window = windows.getIfPresent(address);
        long now = clock.nanos();
        if (window == null || isOver(window, now)) {
            return Optional.empty();
        }
        // One more would be over the limit.
        return waitOf(new Window(window.startedAt, window.failures + 1), now);
    }

    /** Addresses remembered now. */
    long size() {
        windows.cleanUp();
        return windows.estimatedSize();
    }

    private Optional<Duration> waitOf(Window window, long now) {
        return window.failures <= limit
                ? Optional.empty()
                : Optional.of(WINDOW.minusNanos(now - window.startedAt));
    }

    private static boolean isOver(Window window, long now) {
        return now - window.startedAt >= WINDOW.toNanos();
    }
}
