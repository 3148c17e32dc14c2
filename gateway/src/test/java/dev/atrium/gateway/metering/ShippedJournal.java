package dev.atrium.gateway.metering;

import dev.atrium.gateway.registry.JoinedGateway;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** A journal that is shipped to a registry, without the rest of the gateway. */
public final class ShippedJournal implements AutoCloseable {
    private final Journal journal;
    private final Shipper shipper;

    public ShippedJournal(JoinedGateway gateway, Path folder) {
        this(gateway, folder, 100);
    }

    ShippedJournal(JoinedGateway gateway, Path folder, int batch) {
        MeteringProperties properties =
                new MeteringProperties(
                        folder,
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(10),
                        DataSize.ofBytes(0),
                        Fsync.NEVER,
                        Duration.ofMillis(10),
                        batch,
                        Duration.ofSeconds(1));
        journal = new Journal(properties, System::nanoTime);
        shipper = new Shipper(properties, journal, gateway.client(), gateway.membership());
        journal.start();
        shipper.start();
    }

    public Journal journal() {
        return journal;
    }

    Shipper shipper() {
        return shipper;
    }

    @Override
    public void close() {
        shipper.stop();
        journal.stop();
    }
}
