package dev.atrium.node.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Model files of the tests. */
public final class TestModels {
    private TestModels() {}

    public static byte[] read(String name) {
        try (InputStream stream = TestModels.class.getResourceAsStream("/models/" + name)) {
            if (stream == null) {
                throw new IllegalArgumentException("no test model " + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
