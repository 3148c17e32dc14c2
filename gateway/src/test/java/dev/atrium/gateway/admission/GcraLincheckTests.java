package dev.atrium.gateway.admission;

import static dev.atrium.gateway.testing.Interleavings.assertLinear;
import static dev.atrium.gateway.testing.Interleavings.assertRacy;

import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Every interleaving of the limiter's operations looks as if one had come after the other. */
class GcraLincheckTests {
    @Test
    void looksAsIfOneCameAfterTheOther() {
        assertLinear(Limited.class);
    }

    @Test
    void wouldFindALimiterThatChecksBeforeItCounts() {
        assertRacy(Racy.class);
    }

    @Param(name = "units", gen = IntGen.class, conf = "1:3")
    public static class Limited {
        private final Gcra gcra = fresh();

        private static Gcra fresh() {
            Gcra gcra = new Gcra(10, 1_000_000_000L, 8, 8, 0);
            gcra.gain(6, 0);
            return gcra;
        }

        @Operation
        public long take(@Param(name = "units") int units) {
            return gcra.take(1, units, 0);
        }

        @Operation
        public void refund(@Param(name = "units") int units) {
            gcra.refund(units, 0, 0);
        }

        @Operation
        public void park(@Param(name = "units") int keep) {
            gcra.park(keep, 0);
        }

        @Operation
        public long release() {
            return gcra.release(0);
        }

        @Operation
        public void gain() {
            gcra.gain(1, 0);
        }
    }

    /** An atomic number does not make two steps one. */
    @Param(name = "units", gen = IntGen.class, conf = "1:3")
    public static class Racy {
        private final AtomicLong credit = new AtomicLong(6);

        @Operation
        public long take(@Param(name = "units") int units) {
            long taken = Math.min(units, credit.get());
            credit.addAndGet(-taken);
            return taken;
        }
    }
}
