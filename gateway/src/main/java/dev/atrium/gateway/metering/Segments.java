package dev.atrium.gateway.metering;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Names and places of the journal's files in its folder. */
final class Segments {
    private static final String SUFFIX = ".journal";

    private final Path folder;

    Segments(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    Path file(long number) {
        return folder.resolve("%016d%s".formatted(number, SUFFIX));
    }

    /** What the disk has left for this process; 0 where it does not even say that. */
    long usableBytes() {
        return folder.toFile().getUsableSpace();
    }

    /** Numbers of all segments, oldest first. */
    List<Long> numbers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{16}\\.journal"))
                    .map(name -> Long.valueOf(name.substring(0, 16)))
                    .sorted()
                    .toList();
        }
    }

    /** Keeps a damaged file for people to look at, without taking it away from its place. */
    Path quarantineCopy(long number) throws IOException {
        return Files.copy(file(number), quarantined(number), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes an unreadable file away. */
    Path quarantine(long number) throws IOException {
        return Files.move(file(number), quarantined(number), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where records go that the registry refuses to take. */
    Path refused() throws IOException {
        return Files.createDirectories(folder.resolve("quarantine")).resolve("refused.jsonl");
    }

    private Path quarantined(long number) throws IOException {
        Path quarantine = Files.createDirectories(folder.resolve("quarantine"));
        return quarantine.resolve(file(number).getFileName() + "-" + System.currentTimeMillis());
    }
}
