package dev.atrium.node.model;

import dev.atrium.node.worker.HostedModel;
import dev.atrium.node.worker.WorkerDeath;
import dev.atrium.node.worker.WorkerDiedException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker that one tenant has for itself; dead ones are started again when they are called. */
final class Aside {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

    /** Loads the version into another worker. Blocks. */
    interface Starter {
        HostedModel start() throws Exception;
    }

    /**
     * What this worker's life has shown.
     *
     * @param deaths in a row
     */
    record Record(int deaths, WorkerDeath last) {}

    private final Starter starter;
    private final ModelProperties properties;
    private final Consumer<Record> onDeath;
    private @Nullable HostedModel model;
    private boolean starting;
    private boolean ended;
    private int deaths;
    private long notBefore = System.nanoTime();
    private long aliveSince;

    Aside(Starter starter, ModelProperties properties, Consumer<Record> onDeath) {
        this.starter = starter;
        this.properties = properties;
        this.onDeath = onDeath;
    }

    /** Empty while it is being started, which this does when it is time. */
    synchronized Optional<HostedModel> serving() {
        if (model == null) {
            start();
        }
        return Optional.ofNullable(model);
    }

    synchronized void start() {
        if (!starting && !ended && System.nanoTime() - notBefore >= 0) {
            starting = true;
            Thread.ofVirtual().name("aside").start(this::load);
        }
    }

    private void load() {
        try {
            HostedModel loaded = starter.start();
            if (accept(loaded)) {
                loaded.death().thenAccept(this::died);
            } else {
                loaded.unload();
            }
        } catch (WorkerDiedException e) {
            died(e.death());
        } catch (Exception e) {
            LOG.warn("a worker aside is not started: {}", e.getMessage());
            failed();
        }
    }

    private synchronized boolean accept(HostedModel loaded) {
        starting = false;
        if (ended) {
            return false;
        }
        aliveSince = System.nanoTime();
        model = loaded;
        return true;
    }

    private void died(WorkerDeath death) {
        Record record;
        synchronized (this) {
            if (ended) {
                return;
            }
            failed();
            record = new Record(deaths, death);
        }
        LOG.warn("a worker that one tenant calls {}", death.cause());
        onDeath.accept(record);
    }

    private synchronized void failed() {
        boolean lived = System.nanoTime() - aliveSince > ModelProperties.STABLE.toNanos();
        deaths = model != null && lived ? 1 : deaths + 1;
        starting = false;
        model = null;
        notBefore = System.nanoTime() + properties.backOff(deaths).toNanos();
    }

    /** Whether it has lived long enough to believe that it was others' fault. */
    synchronized boolean hasProvenItself() {
        long lived = System.nanoTime() - aliveSince;
        return model != null && lived > properties.aside().toNanos();
    }

    synchronized int inFlight() {
        return model == null ? 0 : model.inFlight();
    }

    synchronized long residentBytes() {
        return model == null ? 0 : model.residentBytes();
    }

    /** Lets running calls finish. */
    void retire() {
        HostedModel last = take();
        if (last != null) {
            Thread.ofVirtual().start(() -> Drain.unload(last, properties.drainTimeout()));
        }
    }

    private synchronized @Nullable HostedModel take() {
        ended = true;
        HostedModel last = model;
        model = null;
        return last;
    }
}
