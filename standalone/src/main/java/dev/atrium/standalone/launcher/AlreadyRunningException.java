package dev.atrium.standalone.launcher;

/** Another launcher works on this data folder; not a failure of the installation. */
public final class AlreadyRunningException extends StartFailedException {
    private static final long serialVersionUID = 1L;

    AlreadyRunningException(String message) {
        super(message);
    }
}
