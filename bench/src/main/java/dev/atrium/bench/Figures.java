package dev.atrium.bench;

import java.util.Comparator;
import java.util.List;

/**
 * What one stretch of load showed of one target.
 *
 * @param count calls, or chunks of streams
 * @param cpuMicros CPU time of the target for each of them, user and system, in microseconds
 * @param p50Micros of a call, or to a stream's first chunk
 */
record Figures(
        int count,
        int failures,
        double cpuMicros,
        double perSecond,
        double p50Micros,
        double p99Micros) {
    /** The one with the median CPU time; a round that something disturbed does not count. */
    static Figures median(List<Figures> rounds) {
        return rounds.stream()
                .sorted(Comparator.comparingDouble(Figures::cpuMicros))
                .toList()
                .get(rounds.size() / 2);
    }
}
