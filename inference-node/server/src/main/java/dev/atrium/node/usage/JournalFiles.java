package dev.atrium.node.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Append-only segments. A write that has returned survives the death of this process, because the
 * kernel holds it; surviving a power cut would take an fsync, which is not made.
 */
final class JournalFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFiles.class);
    private static final String ENDING = ".journal";

    private final Path folder;
    private final long segmentBytes;
    private long number;
    private FileChannel current;
    private long written;

    JournalFiles(Path folder, long segmentBytes) throws IOException {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
        Files.createDirectories(folder);
        this.number = segments().stream().mapToLong(JournalFiles::number).max().orElse(0) + 1;
        this.current = open(number);
    }

    /** Reads every older segment, oldest first. */
    void replay(Consumer<JournalEntry> entries) throws IOException {
        for (Path segment : segments()) {
            if (number(segment) < number) {
                replay(segment, entries);
            }
        }
    }

    private static void replay(Path segment, Consumer<JournalEntry> entries) throws IOException {
        String text = new String(Files.readAllBytes(segment), StandardCharsets.UTF_8);
        int damaged = 0;
        for (String line : text.split("\n")) {
            var entry = JournalEntry.fromLine(line);
            entry.ifPresent(entries);
            damaged += entry.isEmpty() && !line.isEmpty() ? 1 : 0;
        }
        if (damaged > 0) {
            LOG.warn("{} damaged lines in usage journal {}", damaged, segment.getFileName());
        }
    }

    /** Not thread-safe. */
    void append(JournalEntry entry) throws IOException {
        if (written >= segmentBytes) {
            FileChannel full = current;
            current = open(++number);
            written = 0;
            full.close();
        }
        ByteBuffer line = ByteBuffer.wrap(entry.toLine());
        written += line.remaining();
        while (line.hasRemaining()) {
            current.write(line);
        }
    }

    /** The segment that is written now. */
    long current() {
        return number;
    }

    void remove(long segment) throws IOException {
        Files.deleteIfExists(path(segment));
    }

    List<Long> olderSegments() throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (Path segment : segments()) {
            if (number(segment) < number) {
                numbers.add(number(segment));
            }
        }
        return numbers;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
        }
    }

    private static long number(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replace(ENDING, ""));
    }

    private Path path(long segment) {
        return folder.resolve("%012d".formatted(segment) + ENDING);
    }

    private FileChannel open(long segment) throws IOException {
        return FileChannel.open(
                path(segment), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
