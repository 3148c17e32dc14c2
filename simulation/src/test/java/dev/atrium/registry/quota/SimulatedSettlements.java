package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.quota.window.MemoryWindowStore;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.MemoryDatabase;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** The product's settlements on the twin of the database. */
public final class SimulatedSettlements {
    private static final Set<String> STRANGE = Set.of("odd_figure", "no_policy");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Settlements settlements;

    /**
     * @param twice the planted bug: every charge is moved two times
     * @param odd told of leases that charges do not fit, which raises the alarm
     */
    public SimulatedSettlements(
            MemoryDatabase database, Clock clock, boolean twice, Consumer<UUID> odd) {
        ChargeStore store = new MemoryChargeStore(database, odd);
        ChargedWindows windows =
                new ChargedWindows(store, MemoryWindowStore.windows(database), clock);
        settlements =
                new Settlements(store, windows, new NoEvents(), meters) {
                    @Override
                    public void post(Collection<Charge> charges) {
                        super.post(charges);
                        if (twice) {
                            super.post(charges);
                        }
                    }
                };
    }

    public Settlements settlements() {
        return settlements;
    }

    /** Charges that nobody may make, whatever was granted. */
    public long strange() {
        return (long)
                meters.getMeters().stream()
                        .filter(meter -> STRANGE.contains(meter.getId().getTag("reason")))
                        .flatMap(
                                meter -> StreamSupport.stream(meter.measure().spliterator(), false))
                        .filter(measured -> measured.getStatistic() == Statistic.COUNT)
                        .mapToDouble(measured -> measured.getValue())
                        .sum();
    }

    /** Events tell people; they move nothing. */
    private static final class NoEvents extends QuotaEvents {
        private NoEvents() {
            super(null, event -> {});
        }

        @Override
        void note(Collection<WindowKey> windows) {
            // Nobody is told.
        }
    }
}
