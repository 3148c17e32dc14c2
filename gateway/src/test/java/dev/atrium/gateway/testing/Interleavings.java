package dev.atrium.gateway.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** Tries the interleavings of two threads that use one object. */
public final class Interleavings {
    private Interleavings() {}

    /** Each of them looks as if one operation had come after the other. */
    public static void assertLinear(Class<?> operations) {
        options().check(operations);
    }

    /** One of them does not: what shows that a check of that kind can fail. */
    public static void assertRacy(Class<?> operations) {
        assertThatThrownBy(() -> options().check(operations))
                .isInstanceOf(LincheckAssertionError.class);
    }

    /**
     * Without a first part: it would use up what is scarce and hide every race. A window has 61
     * slots, and who looks through all of them does not hang.
     */
    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(1)
                .loopBound(100);
    }
}
