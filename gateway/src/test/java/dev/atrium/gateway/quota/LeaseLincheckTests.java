package dev.atrium.gateway.quota;

import static dev.atrium.gateway.testing.Interleavings.assertLinear;
import static dev.atrium.gateway.testing.Interleavings.assertRacy;

import java.time.Instant;
import java.util.UUID;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of calls that take and put back with the threads that grant and give back
 * looks as if one had come after the other.
 */
class LeaseLincheckTests {
    private static final long ALWAYS = 1_000;

    @Test
    void looksAsIfOneCameAfterTheOther() {
        assertLinear(Counted.class);
    }

    @Test
    void wouldFindACounterThatLooksBeforeItTakes() {
        assertRacy(Racy.class);
    }

    @Param(name = "units", gen = IntGen.class, conf = "1:4")
    public static class Counted {
        private final Lease lease = fresh();

        private static Lease fresh() {
            Lease lease = new Lease(new UUID(0, 1), Instant.EPOCH, ALWAYS);
            lease.apply(5, ALWAYS, 0);
            return lease;
        }

        @Operation
        public long take(@Param(name = "units") int units) {
            return lease.take(1, units, 0);
        }

        @Operation
        public void putBack(@Param(name = "units") int units) {
            lease.putBack(units, 0);
        }

        @Operation
        public long giveBack() {
            return lease.giveBack();
        }

        @Operation
        public long apply(@Param(name = "units") int more) {
            return lease.apply(5 + more, ALWAYS, 0);
        }
    }

    /** The mistake that everybody makes first. */
    @Param(name = "units", gen = IntGen.class, conf = "1:4")
    public static class Racy {
        private volatile long available = 5;

        @Operation
        public long take(@Param(name = "units") int units) {
            long taken = Math.min(units, available);
            available -= taken;
            return taken;
        }

        @Operation
        public long giveBack() {
            long rest = available;
            available = 0;
            return rest;
        }
    }
}
