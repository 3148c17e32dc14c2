package dev.atrium.gateway.admission;

import static dev.atrium.gateway.testing.Interleavings.assertLinear;
import static dev.atrium.gateway.testing.Interleavings.assertRacy;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of what happens to a minute's limit looks as if one had come after another.
 */
class SlidingWindowLincheckTests {
    @Test
    void placesOfAllGatewaysLookAsIfOneCameAfterTheOther() {
        assertLinear(Places.class);
    }

    @Test
    void aKeysOwnRequestsLookAsIfOneCameAfterTheOther() {
        assertLinear(Requests.class);
    }

    @Test
    void wouldFindAWindowThatLooksBeforeItCounts() {
        assertRacy(Racy.class);
    }

    @Param(name = "units", gen = IntGen.class, conf = "1:3")
    public static class Places {
        private final SlidingWindow window = fresh();

        private static SlidingWindow fresh() {
            SlidingWindow window = new SlidingWindow(60_000_000_000L, 8, 0);
            window.gain(6, 0);
            return window;
        }

        @Operation
        public long take(@Param(name = "units") int units) {
            return window.take(1, units, 0);
        }

        @Operation
        public void refund(@Param(name = "units") int units) {
            window.refund(units, 0, 0);
        }

        @Operation
        public void park(@Param(name = "units") int keep) {
            window.park(keep, 0);
        }

        @Operation
        public long release() {
            return window.release(0);
        }

        @Operation
        public void gain() {
            window.gain(1, 0);
        }
    }

    @Param(name = "second", gen = IntGen.class, conf = "0:61")
    public static class Requests {
        private final RequestWindow window = new RequestWindow();

        /** How many are left, -1 where it is refused, -2 where the window is out of use. */
        @Operation
        public int admit() {
            return switch (window.admit(2, 0)) {
                case Admission.Admitted admitted -> admitted.remaining();
                case Admission.Rejected rejected -> -1;
                case null -> -2;
            };
        }

        @Operation
        public boolean retireIfIdle(@Param(name = "second") int second) {
            return window.retireIfIdle(second * 1_000_000_000L);
        }
    }

    /** Two requests of a limit of two, and a third that came between the look and the count. */
    public static class Racy {
        private volatile int total;

        @Operation
        public boolean admit() {
            if (total >= 2) {
                return false;
            }
            total++;
            return true;
        }
    }
}
