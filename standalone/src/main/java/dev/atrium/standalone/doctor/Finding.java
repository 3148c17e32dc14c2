package dev.atrium.standalone.doctor;

import org.jspecify.annotations.Nullable;

/**
 * The result of one check.
 *
 * @param fix what to do; null when all is well
 */
record Finding(Level level, String subject, String text, @Nullable String fix) {
    enum Level {
        OK,
        /** Something works less well, or not at all but is rarely needed. */
        WARN,
        /** Atrium will not start, or not serve. */
        FAIL
    }

    static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text, null);
    }

    static Finding warn(String subject, String text, String fix) {
        return new Finding(Level.WARN, subject, text, fix);
    }

    static Finding fail(String subject, String text, String fix) {
        return new Finding(Level.FAIL, subject, text, fix);
    }
}
