package dev.atrium.gateway.admission;

import dev.atrium.gateway.MonotonicClock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Whether this process is too near its limits to begin another call, which it would fail later and
 * at a higher price, together with those that run.
 *
 * <p>The heap counts for all; each event loop counts for the calls on its own connections, as the
 * others may well have time. Readiness stays as it is: a gateway that leaves the rotation hands its
 * load to others that are as busy.
 */
@Component
public class Overload implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Overload.class);
    private static final Duration BEAT = Duration.ofMillis(50);
    private static final long LOOK_NANOS = 250_000_000L;
    private static final long COLLECT_NANOS = 5_000_000_000L;

    /** Why no call is begun. */
    public enum Strain {
        NONE,
        HEAP,
        EVENT_LOOP
    }

    private record Watched(LoopDelay delay, Disposable beats) {}

    private final AdmissionProperties properties;
    private final MonotonicClock clock;
    private final LongSupplier heapPercent;
    private final Runnable collect;
    private final Watermarks heap;
    private final ConcurrentHashMap<Scheduler, Watched> loops = new ConcurrentHashMap<>();
    private volatile boolean running;
    private Thread watch = new Thread();
    private long collectedAt;

    @Autowired
    Overload(AdmissionProperties properties, MonotonicClock clock, MeterRegistry meters) {
        this(properties, clock, Heap::percentInUse, System::gc);
        Gauge.builder("atrium.gateway.heap.percent", this, it -> it.heapPercent.getAsLong())
                .description("share of the heap that collections leave in use")
                .register(meters);
        Gauge.builder("atrium.gateway.loop.delay", this, Overload::longestDelaySeconds)
                .baseUnit("seconds")
                .description("how late the latest event loop is")
                .register(meters);
    }

    /**
     * @param collect asks for a collection: a process that sheds allocates too little to get one by
     *     itself, and would never learn that there is room again
     */
    Overload(
            AdmissionProperties properties,
            MonotonicClock clock,
            LongSupplier heapPercent,
            Runnable collect) {
        this.properties = properties;
        this.clock = clock;
        this.heapPercent = heapPercent;
        this.collect = collect;
        this.heap = new Watermarks(properties.shedHeapPercent(), properties.resumeHeapPercent());
        this.collectedAt = clock.nanos() - COLLECT_NANOS;
    }

    /**
     * What keeps a call from beginning on this loop.
     *
     * @param eventLoop the one that this is called on
     */
    public Strain on(Scheduler eventLoop) {
        if (heap.wasOver()) {
            return Strain.HEAP;
        }
        return watched(eventLoop).delay().isTooLong(clock.nanos())
                ? Strain.EVENT_LOOP
                : Strain.NONE;
    }

    boolean isShortOfMemory() {
        return heap.wasOver();
    }

    private Watched watched(Scheduler eventLoop) {
        // get() first: it never locks, computeIfAbsent may.
        Watched known = loops.get(eventLoop);
        return known != null ? known : loops.computeIfAbsent(eventLoop, this::watch);
    }

    private Watched watch(Scheduler eventLoop) {
        LoopDelay delay =
                new LoopDelay(
                        BEAT.toNanos(),
                        clock.nanos(),
                        new Watermarks(
                                properties.shedLoopDelay().toNanos(),
                                properties.resumeLoopDelay().toNanos()));
        Disposable.Swap next = Disposables.swap();
        beatLater(eventLoop, delay, next);
        return new Watched(delay, next);
    }

    /**
     * One beat after the other: a timer at a fixed rate would make up for those that were missed
     * all at once, and so take a loop that was late for one that is on time.
     */
    private void beatLater(Scheduler eventLoop, LoopDelay delay, Disposable.Swap next) {
        next.replace(
                eventLoop.schedule(
                        () -> {
                            delay.beat(clock.nanos());
                            if (!next.isDisposed()) {
                                beatLater(eventLoop, delay, next);
                            }
                        },
                        BEAT.toNanos(),
                        TimeUnit.NANOSECONDS));
    }

    private double longestDelaySeconds() {
        long now = clock.nanos();
        return loops.values().stream()
                .mapToDouble(loop -> loop.delay().nanos(now) / 1e9)
                .max()
                .orElse(0);
    }

    /** Looks at the heap, which takes too long to be done for every call. */
    void look() {
        boolean was = heap.wasOver();
        long percent = heapPercent.getAsLong();
        boolean is = heap.isOver(percent);
        if (is && !was) {
            LOG.warn("{} % of the heap stay in use; new calls are refused", percent);
        } else if (was && !is) {
            LOG.info("{} % of the heap are in use; calls are served again", percent);
        }
        long now = clock.nanos();
        if (is && now - collectedAt >= COLLECT_NANOS) {
            collectedAt = now;
            collect.run();
        }
    }

    @Override
    public void start() {
        running = true;
        watch =
                Thread.ofPlatform()
                        .name("atrium-overload")
                        .daemon()
                        .start(() -> {
                            while (running) {
                                look();
                                LockSupport.parkNanos(this, LOOK_NANOS);
                            }
                        });
    }

    @Override
    public void stop() {
        running = false;
        LockSupport.unpark(watch);
        loops.values().forEach(loop -> loop.beats().dispose());
        loops.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
