package dev.atrium.node.worker;

import dev.atrium.node.energy.EnergyEstimator;
import dev.atrium.registry.api.usage.Energy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Splits the CPU time of one worker between the requests that are in it.
 *
 * <p>The whole process counts, because engines compute on threads of their own. Between two events
 * (a request comes or goes) what the process used belongs to the requests that were there, in equal
 * parts; so each nanosecond is in exactly one request, or in none when there was none. Loading and
 * warming up are requests too, lest a caller pays for them.
 *
 * @see "docs/adr/0014-energy.md"
 */
final class EnergyMeter {
    private final EnergyEstimator estimator;
    private final LongSupplier cpuNanos;
    private int running;
    private long readNanos;
    private double nanosOfEach;
    private boolean unknown;

    /**
     * What a request had not used yet when it came.
     *
     * @param beganNanos by {@link System#nanoTime}
     */
    record Share(double before, long beganNanos) {}

    /**
     * @param cpuNanos time of the worker so far, or {@link ProcessCpu#UNKNOWN}
     */
    EnergyMeter(EnergyEstimator estimator, LongSupplier cpuNanos) {
        this.estimator = estimator;
        this.cpuNanos = cpuNanos;
        this.unknown = !estimator.isConfigured();
    }

    synchronized Share begin() {
        read();
        running++;
        return new Share(nanosOfEach, System.nanoTime());
    }

    /** Of a request that is still there; null where it cannot be said. */
    synchronized @Nullable Energy soFar(Share share) {
        read();
        if (unknown) {
            return null;
        }
        Duration cpu = Duration.ofNanos(Math.round(nanosOfEach - share.before()));
        return estimator.of(cpu, Duration.ofNanos(System.nanoTime() - share.beganNanos()));
    }

    synchronized void end() {
        read();
        running--;
    }

    private void read() {
        if (unknown) {
            return;
        }
        long now = cpuNanos.getAsLong();
        if (now == ProcessCpu.UNKNOWN) {
            // What the worker used at last is not known, so nothing of it is.
            unknown = true;
            return;
        }
        if (running > 0) {
            nanosOfEach += (double) Math.max(0, now - readNanos) / running;
        }
        readNanos = now;
    }
}
