package dev.atrium.node.model;

import dev.atrium.node.registry.RegistryClient;
import dev.atrium.registry.api.catalog.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Brings one file's bytes here, going on where an earlier try ended. */
final class ArtifactDownload {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int PARTIAL_CONTENT = 206;

    private final RegistryClient registry;
    private final Duration stallTimeout;

    ArtifactDownload(RegistryClient registry, Duration stallTimeout) {
        this.registry = registry;
        this.stallTimeout = stallTimeout;
    }

    /**
     * Fills {@code partial} up to the file's length, not a byte more; says nothing about its
     * digest.
     *
     * @throws IOException when it broke off; what came stays for the next try
     * @throws DiskFullException when there is no room; what came is removed
     */
    void run(ModelFile file, Path partial) throws IOException {
        long have = Files.exists(partial) ? Files.size(partial) : 0;
        if (have == file.bytes() && have > 0) {
            return;
        }
        if (have > file.bytes()) {
            Files.delete(partial);
            have = 0;
        }
        HttpResponse<InputStream> response = registry.artifact(file.sha256(), have);
        boolean continued = response.statusCode() == PARTIAL_CONTENT;
        try (InputStream in = response.body();
                StallGuard guard = new StallGuard(in, stallTimeout)) {
            copy(in, partial, guard, file.bytes() - (continued ? have : 0), continued);
        } catch (IOException e) {
            if (DiskFullException.isFull(e, partial)) {
                Files.deleteIfExists(partial);
                throw new DiskFullException(file, e);
            }
            throw e;
        }
    }

    private static OutputStream open(Path partial, boolean continued) throws IOException {
        return continued
                ? Files.newOutputStream(partial, StandardOpenOption.APPEND)
                : Files.newOutputStream(partial);
    }

    private static void copy(
            InputStream in, Path partial, StallGuard guard, long bytes, boolean continued)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = bytes;
        try (OutputStream out = open(partial, continued)) {
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new IOException("a download ended " + left + " bytes early");
                }
                out.write(buffer, 0, read);
                left -= read;
                guard.progress();
            }
        }
    }
}
