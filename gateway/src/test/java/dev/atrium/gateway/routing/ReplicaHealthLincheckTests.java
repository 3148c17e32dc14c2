package dev.atrium.gateway.routing;

import static dev.atrium.gateway.testing.Interleavings.assertLinear;
import static dev.atrium.gateway.testing.Interleavings.assertRacy;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of calls that choose, fail and succeed looks as if one had come after the
 * other: one incident ejects once, one call probes, no retry is paid for twice.
 */
class ReplicaHealthLincheckTests {
    private static final RoutingProperties PROPERTIES =
            new RoutingProperties(2, Duration.ofSeconds(1), Duration.ofSeconds(30), 3, 0.5, 1);
    private static final long AFTER_EJECTION = 2_000_000_000L;

    @Test
    void theCircuitLooksAsIfOneCameAfterTheOther() {
        assertLinear(Circuit.class);
    }

    @Test
    void theRetryBudgetLooksAsIfOneCameAfterTheOther() {
        assertLinear(Budget.class);
    }

    @Test
    void wouldFindTwoProbes() {
        assertRacy(RacyCircuit.class);
    }

    public static class Circuit {
        private final ReplicaHealth health = new ReplicaHealth(PROPERTIES);

        @Operation
        public boolean begin() {
            return health.tryBegin(0);
        }

        @Operation
        public boolean probe() {
            return health.tryBegin(AFTER_EJECTION);
        }

        @Operation
        public void fail() {
            health.failed(0, 0);
        }

        @Operation
        public void end() {
            health.end();
        }

        @Operation
        public void succeed() {
            health.succeeded();
        }

        @Operation
        public boolean isAvailable() {
            return health.isAvailable(0);
        }

        @Operation
        public int inFlight() {
            return health.inFlight();
        }
    }

    public static class Budget {
        private final RetryBudget budget = new RetryBudget(PROPERTIES);

        @Operation
        public void deposit() {
            budget.deposit();
        }

        @Operation
        public boolean withdraw() {
            return budget.withdraw();
        }
    }

    /** Looks whether a probe is due, and then takes its place. */
    public static class RacyCircuit {
        private volatile boolean probed;

        @Operation
        public boolean probe() {
            if (probed) {
                return false;
            }
            probed = true;
            return true;
        }
    }
}
