package dev.atrium.registry.api.usage;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the time of a call passed, in microseconds from its arrival, which is known to the
 * millisecond.
 *
 * @param openedMicros until its body was read, every limit had let it pass and a node was asked
 * @param firstByteMicros until the first byte of its answer; null where there was none
 * @param settledMicros until it was over
 */
public record CallPhases(long openedMicros, @Nullable Long firstByteMicros, long settledMicros) {
    public static CallPhases of(UsageRecord call) {
        Instant arrived = CallTime.of(call.callId());
        long opened = micros(arrived, call.openedAt());
        Long toFirstByte = call.timeToFirstByteMicros();
        return new CallPhases(
                opened,
                toFirstByte == null ? null : opened + toFirstByte,
                Math.max(opened, micros(arrived, call.settledAt())));
    }

    /** A clock that was set back in between makes no negative times. */
    private static long micros(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toNanos() / 1_000);
    }
}
