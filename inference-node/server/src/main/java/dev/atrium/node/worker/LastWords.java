package dev.atrium.node.worker;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** Keeps the end of a worker's standard error; reads all of it, so that the worker never blocks. */
final class LastWords {
    private static final int LINES = 8;
    private static final int LINE_BYTES = 300;
    private static final Pattern FOLDERS = Pattern.compile("(?:[^\\s/:\"'\\[(]*/)+");
    private static final Pattern SILENT = Pattern.compile("[^\\p{Print}\\s]+");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

    private final Deque<String> lines = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();
    private final Thread reader;

    LastWords(InputStream stream) {
        reader = Thread.ofVirtual().start(() -> drain(stream));
    }

    private void drain(InputStream stream) {
        try (InputStream buffered = new BufferedInputStream(stream)) {
            for (int next = buffered.read(); next >= 0; next = buffered.read()) {
                add((char) next);
            }
        } catch (IOException e) {
            // The pipe breaks when the process is killed; what came before counts.
            add('\n');
        }
        add('\n');
    }

    private synchronized void add(char next) {
        if (next != '\n') {
            if (line.length() < LINE_BYTES) {
                line.append(next);
            }
            return;
        }
        String text = shown(line.toString());
        line.setLength(0);
        if (!text.isBlank()) {
            lines.addLast(text);
            if (lines.size() > LINES) {
                lines.removeFirst();
            }
        }
    }

    /** What a process that has ended said last. */
    List<String> ofTheDead() {
        try {
            // Bounded, because a grandchild may hold the pipe open.
            reader.join(LONGEST_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            return List.copyOf(lines);
        }
    }

    /** What prints of a line, without folders. */
    private static String shown(String line) {
        String named = FOLDERS.matcher(line).replaceAll("");
        return BLANKS.matcher(SILENT.matcher(named).replaceAll("")).replaceAll(" ").strip();
    }
}
