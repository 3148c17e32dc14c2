package dev.atrium.standalone.demo;

/** Something was not as promised; the message says what was expected and what was seen. */
public final class SurpriseException extends RuntimeException {
    SurpriseException(String expected, Object seen) {
        super("expected " + expected + ", but saw: " + seen);
    }
}
