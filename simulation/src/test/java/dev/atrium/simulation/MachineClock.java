package dev.atrium.simulation;

import dev.atrium.gateway.MonotonicClock;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** The clocks of one machine: a wall clock that can be stepped, and one that only drifts. */
final class MachineClock extends Clock implements MonotonicClock {
    /** As a part: a second of a gateway is that much shorter or longer, at most. */
    static final double MOST_DRIFT = 1e-4;

    private final Timeline time;
    private final Instant beginning;
    private final double drift;
    private final long began;
    private long stepped;

    /**
     * @param drift as a part, such as 1e-4
     * @param began what the monotonic clock shows at first
     */
    MachineClock(Timeline time, Instant beginning, double drift, long began) {
        this.time = time;
        this.beginning = beginning;
        this.drift = drift;
        this.began = began;
    }

    /** Somebody corrects it, or makes it wrong. */
    void step(long nanos) {
        stepped += nanos;
    }

    void correct() {
        stepped = 0;
    }

    @Override
    public long nanos() {
        return began + time.now() + (long) (time.now() * drift);
    }

    @Override
    public Instant instant() {
        return beginning.plusNanos(time.now() + stepped).truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
