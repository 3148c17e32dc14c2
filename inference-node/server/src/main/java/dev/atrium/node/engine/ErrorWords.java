package dev.atrium.node.engine;

import java.util.regex.Pattern;

/** Makes native error texts fit for a model's owner: one line, no paths, no source places. */
public final class ErrorWords {
    private static final int LONGEST = 300;
    private static final Pattern CODE = Pattern.compile("Error code - \\w+ - message: ");
    private static final Pattern SOURCE_PLACE =
            Pattern.compile("[\\w./]+\\.(?:cc|cpp|h|py)\\D?:? ?\\d+:? (?:[\\w:~]+\\([^)]*\\) ?)?");
    private static final Pattern FOLDERS = Pattern.compile("(?:[^\\s/:\"'\\[(]*/)+");
    private static final Pattern DIGEST = Pattern.compile("\\b[0-9a-f]{64}\\b");
    private static final Pattern BLANKS = Pattern.compile("[\\p{Cntrl}\\s]+");

    private ErrorWords() {}

    public static String of(Throwable failure) {
        String text =
                String.valueOf(failure.getMessage())
                        .lines()
                        .filter(line -> !line.isBlank())
                        .limit(2)
                        .reduce("", (all, line) -> all + " " + line);
        text = CODE.matcher(text).replaceAll("");
        text = SOURCE_PLACE.matcher(text).replaceAll("");
        text = FOLDERS.matcher(text).replaceAll("");
        text = DIGEST.matcher(text).replaceAll("the file");
        text = BLANKS.matcher(text).replaceAll(" ").strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
