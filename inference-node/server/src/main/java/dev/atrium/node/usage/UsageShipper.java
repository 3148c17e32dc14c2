package dev.atrium.node.usage;

import dev.atrium.node.registry.RegistryClient;
import dev.atrium.node.registry.RegistryRefusalException;
import dev.atrium.node.registry.RegistryUnavailableException;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Sends finished records until the registry says it has them; sending twice does no harm. */
@Component
class UsageShipper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(UsageShipper.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    record Accepted(int accepted) {}

    private final UsageJournal journal;
    private final RegistryClient registry;
    private final UsageProperties properties;
    private volatile boolean running;
    private Thread thread = new Thread();

    UsageShipper(UsageJournal journal, RegistryClient registry, UsageProperties properties) {
        this.journal = journal;
        this.registry = registry;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("usage-shipper").start(this::run);
    }

    private void run() {
        Duration pause = properties.shipInterval();
        while (running) {
            try {
                pause = ship() ? Duration.ZERO : properties.shipInterval();
            } catch (RegistryUnavailableException e) {
                pause = longer(pause);
            } catch (RegistryRefusalException | IOException e) {
                LOG.warn("usage cannot be shipped: {}", e.getMessage());
                pause = longer(pause);
            }
            rest(pause);
        }
    }

    /** Whether more is waiting. */
    private boolean ship() throws IOException {
        List<NodeUsageRecord> batch = journal.nextBatch();
        if (batch.isEmpty()) {
            return false;
        }
        registry.post("/nodes/usage", NodeRecordJson.shipment(batch), Accepted.class);
        journal.shipped(batch.size());
        return batch.size() == properties.batch();
    }

    private Duration longer(Duration pause) {
        Duration twice = pause.plus(properties.shipInterval()).multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private void rest(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            running = false;
        }
    }

    /** The last records get one more chance; what stays is shipped after the next start. */
    @Override
    public void stop() {
        running = false;
        thread.interrupt();
        try {
            thread.join(STOP_TIMEOUT);
            while (ship()) {
                LOG.debug("another batch before the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RegistryUnavailableException | RegistryRefusalException | IOException e) {
            LOG.info("some usage is shipped after the next start: {}", e.getMessage());
        }
    }

    /** Outlives the web server, whose last calls end in the journal. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
