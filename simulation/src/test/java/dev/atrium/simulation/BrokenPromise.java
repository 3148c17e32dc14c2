package dev.atrium.simulation;

/** Something that must always hold did not. */
final class BrokenPromise extends AssertionError {
    BrokenPromise(String what) {
        super(what);
    }
}
