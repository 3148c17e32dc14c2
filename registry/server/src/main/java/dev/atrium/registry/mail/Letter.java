package dev.atrium.registry.mail;

/**
 * What one person is told.
 *
 * @param subject one line
 * @param text plain
 */
record Letter(String subject, String text) {
    private static final int LONGEST_SUBJECT = 160;

    Letter {
        subject = oneLine(subject);
    }

    /** Whatever somebody named a thing: a name ends no line, and begins no header. */
    static String oneLine(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]+", " ").strip();
        return line.length() <= LONGEST_SUBJECT
                ? line
                : line.substring(0, LONGEST_SUBJECT - 1) + "…";
    }
}
