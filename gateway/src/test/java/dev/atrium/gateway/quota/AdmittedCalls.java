package dev.atrium.gateway.quota;

import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What gateways admitted of a rate, and when: of each call it is known that it was admitted after
 * it came and before it was opened. So whatever stretch of time is looked at, at least those calls
 * were admitted in it that came and were opened in it.
 *
 * @param calls in the order in which they were opened
 */
record AdmittedCalls(List<Call> calls) {
    private static final double NANOS = 1e9;

    /**
     * @param units that it used
     */
    record Call(Instant came, Instant opened, long units) {}

    AdmittedCalls {
        calls = calls.stream().sorted(Comparator.comparing(Call::opened)).toList();
    }

    static AdmittedCalls of(Stream<UsageRecord> ledger, ToLongFunction<UsageRecord> units) {
        return new AdmittedCalls(
                ledger.map(usage ->
                                new Call(cameAt(usage), usage.openedAt(), units.applyAsLong(usage)))
                        .toList());
    }

    /** The id of a call is a UUIDv7, which begins with the millisecond of its making. */
    private static Instant cameAt(UsageRecord usage) {
        return Instant.ofEpochMilli(usage.callId().getMostSignificantBits() >>> 16);
    }

    long units() {
        return calls.stream().mapToLong(Call::units).sum();
    }

    /** Most that was surely admitted in any window of this length. */
    long mostWithin(Duration window) {
        return calls.stream()
                .map(Call::came)
                .mapToLong(begin -> admittedBetween(begin, begin.plus(window)))
                .max()
                .orElse(0);
    }

    private long admittedBetween(Instant begin, Instant end) {
        return calls.stream()
                .filter(call -> !call.came().isBefore(begin) && call.opened().isBefore(end))
                .mapToLong(Call::units)
                .sum();
    }

    /**
     * By how much more was surely admitted in some stretch of time than may be; negative where it
     * was always less.
     *
     * @param bound by the length of a stretch, in seconds
     */
    double mostBeyond(DoubleUnaryOperator bound) {
        return calls.stream()
                .map(Call::came)
                .mapToDouble(begin -> mostBeyond(begin, bound))
                .max()
                .orElse(0);
    }

    private double mostBeyond(Instant begin, DoubleUnaryOperator bound) {
        double worst = Double.NEGATIVE_INFINITY;
        long sum = 0;
        for (Call call : calls) {
            if (!call.came().isBefore(begin)) {
                sum += call.units();
                double seconds = Duration.between(begin, call.opened()).toNanos() / NANOS;
                worst = Math.max(worst, sum - bound.applyAsDouble(seconds));
            }
        }
        return worst;
    }
}
