package dev.atrium.gateway.metering;

import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.gateway.registry.RegistryException;
import dev.atrium.registry.api.usage.ShipUsageReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Brings settled calls, and the orphans of a former life, to the registry's ledger in batches. The
 * ledger is unique on the call id, so a batch whose answer was lost is simply sent again.
 */
@Component
class Shipper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);

    /** Answers that say something about the batch itself, and not about this moment. */
    private static final Set<Integer> UNACCEPTABLE = Set.of(400, 413, 422);

    private final MeteringProperties properties;
    private final Journal journal;
    private final RegistryClient registry;
    private final Membership membership;
    private final BackgroundLoop loop = new BackgroundLoop("usage shipping", this::ship);

    private volatile @Nullable Outbox outbox;
    private int batchSize;

    Shipper(
            MeteringProperties properties,
            Journal journal,
            RegistryClient registry,
            Membership membership) {
        this.properties = properties;
        this.journal = journal;
        this.registry = registry;
        this.membership = membership;
        this.batchSize = properties.shipBatch();
    }

    /** SETTLED records that the registry has not acknowledged. */
    long unshipped() {
        Outbox current = outbox;
        return current == null ? 0 : current.unshipped();
    }

    private Duration ship() throws InterruptedException, IOException {
        if (!membership.isJoined()) {
            return properties.shipInterval();
        }
        // Few large batches cost much less than many small ones.
        return shipOnce() >= batchSize ? Duration.ZERO : properties.shipInterval();
    }

    /**
     * @return how many calls there were to ship
     */
    private int shipOnce() throws InterruptedException, IOException {
        Outbox from = Objects.requireNonNull(outbox);
        Shipment shipment = from.next(batchSize, properties.shipBatch());
        if (shipment.size() > 0) {
            send(shipment);
        }
        from.acknowledged();
        if (from.areFormerLivesShipped()) {
            journal.formerLivesAreShipped();
        }
        return shipment.size();
    }

    private void send(Shipment shipment) throws InterruptedException, IOException {
        try {
            ShipUsageReply reply =
                    registry.postJson("/internal/v1/usage", shipment.json(), ShipUsageReply.class);
            batchSize = properties.shipBatch();
            LOG.debug("shipped {} calls: {}", shipment.size(), reply);
        } catch (RegistryException.Refused e) {
            if (!UNACCEPTABLE.contains(e.status())) {
                throw e;
            }
            if (shipment.size() > 1) {
                batchSize = Math.max(1, shipment.settled().size() / 2);
                throw e;
            }
            keepRefused(shipment.onlyCall(), e);
        }
    }

    /** One record must not hold up all others for ever; it is kept for people to look at. */
    private void keepRefused(byte[] call, RegistryException.Refused refusal) throws IOException {
        Files.writeString(
                journal.segments().refused(),
                new String(call, StandardCharsets.UTF_8) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
        LOG.error(
                "the registry refuses the record of a call ({}); kept in {}",
                refusal.getMessage(),
                journal.segments().refused());
    }

    @Override
    public void start() {
        JournalWriter writer = journal.writer();
        outbox =
                new Outbox(
                        new JournalReader(journal.segments(), writer, journal.firstSegment()),
                        writer,
                        journal.orphans(),
                        journal.foundSettled());
        membership.reportJournal(
                () -> new Membership.JournalState(journal.openCalls(), unshipped()));
        loop.start();
    }

    /** Ships what is left, for a while: the next start would do it as well. */
    @Override
    public void stop() {
        loop.stop();
        long until = System.nanoTime() + properties.shutdownPatience().toNanos();
        try {
            boolean more = true;
            while (more && System.nanoTime() - until < 0) {
                more = shipOnce() > 0;
            }
        } catch (RegistryException | IOException e) {
            LOG.warn(
                    "{} calls stay in the journal until the next start: {}",
                    unshipped(),
                    e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outbox = null;
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /** Stops after the public port has drained, and before the journal closes. */
    @Override
    public int getPhase() {
        return -5;
    }
}
