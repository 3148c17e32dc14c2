package dev.atrium.node.model;

import dev.atrium.node.registry.RegistryClient;
import dev.atrium.node.storage.NodeKey;
import dev.atrium.node.storage.SealedOutput;
import dev.atrium.registry.api.catalog.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Brings one file's bytes here, sealed, going on where an earlier try ended. */
final class ArtifactDownload {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int PARTIAL_CONTENT = 206;

    private final RegistryClient registry;
    private final NodeKey key;
    private final Duration stallTimeout;

    ArtifactDownload(RegistryClient registry, NodeKey key, Duration stallTimeout) {
        this.registry = registry;
        this.key = key;
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
        try (SealedOutput out = SealedOutput.append(partial, key, file.sha256())) {
            if (out.length() > file.bytes()) {
                out.clear();
            }
            if (out.length() < file.bytes()) {
                fetch(file, out);
            }
        } catch (IOException e) {
            if (DiskFullException.isFull(e, partial)) {
                Files.deleteIfExists(partial);
                throw new DiskFullException(file, e);
            }
            throw e;
        }
    }

    private void fetch(ModelFile file, SealedOutput out) throws IOException {
        HttpResponse<InputStream> response = registry.artifact(file.sha256(), out.length());
        try (InputStream in = response.body();
                StallGuard guard = new StallGuard(in, stallTimeout)) {
            if (response.statusCode() != PARTIAL_CONTENT) {
                out.clear();
            }
            copy(in, out, guard, file.bytes() - out.length());
        }
    }

    private static void copy(InputStream in, OutputStream out, StallGuard guard, long bytes)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = bytes;
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
