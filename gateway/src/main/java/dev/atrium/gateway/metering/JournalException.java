package dev.atrium.gateway.metering;

/** A call cannot be journalled, so it must not be made. */
public abstract sealed class JournalException extends RuntimeException {
    private JournalException(String message) {
        super(message, null, false, false);
    }

    /** The journal holds as much as it may; room comes when the registry acknowledges. */
    public static final class Full extends JournalException {
        Full() {
            super("the journal is full of calls that the registry has not acknowledged");
        }
    }

    /** The disk does not take records at the moment. */
    public static final class Broken extends JournalException {
        Broken() {
            super("the journal cannot be written");
        }
    }
}
