package dev.atrium.standalone.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What one service printed: the newest lines in memory, more of them in a file that is set aside
 * when it is full, so that a chatty service cannot fill the disk.
 */
final class ServiceLog implements AutoCloseable {
    private static final long FULL = 10L * 1024 * 1024;
    private static final int KEPT_FILES = 3;
    private static final int REMEMBERED_LINES = 30;

    private final Path file;
    private final long full;
    private final ArrayDeque<String> newest = new ArrayDeque<>();
    private OutputStream out;
    private long size;
    private boolean closed;

    ServiceLog(Path file) throws IOException {
        this(file, FULL);
    }

    ServiceLog(Path file, long full) throws IOException {
        this.file = file;
        this.full = full;
        this.out = open();
    }

    synchronized void write(String line) {
        newest.addLast(line);
        if (newest.size() > REMEMBERED_LINES) {
            newest.removeFirst();
        }
        if (closed) {
            return;
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (size + bytes.length > full) {
                rotate();
            }
            out.write(bytes);
            size += bytes.length;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    synchronized List<String> newest() {
        return List.copyOf(newest);
    }

    private void rotate() throws IOException {
        out.close();
        for (int i = KEPT_FILES - 1; i >= 1; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        out = open();
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private OutputStream open() throws IOException {
        OutputStream opened =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size = Files.size(file);
        return opened;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        out.close();
    }
}
