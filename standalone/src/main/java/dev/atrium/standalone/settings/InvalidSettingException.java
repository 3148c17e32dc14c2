package dev.atrium.standalone.settings;

/** A variable has a value that cannot be used; the message names both and says what would do. */
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSettingException(String variable, String value, String wanted) {
        super(variable + " is '" + value + "', but it must be " + wanted);
    }
}
