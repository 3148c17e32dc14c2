package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTests {
    private static final int PLACE = 4096;

    @TempDir private Path folder;

    @Test
    void unpacksAgainWhatIsNotAsTheReleaseHasIt() throws IOException {
        List<String> properties = new NativeLibraries(folder).properties();
        List<Path> libraries = libraries();
        assertThat(libraries)
                .extracting(path -> path.getFileName().toString())
                .contains("libonnxruntime.so", "libjllama.so");
        for (Path library : libraries) {
            int before = flip(library);
            assertThat(byteOf(library)).isNotEqualTo(before);

            assertThat(new NativeLibraries(folder).properties()).isEqualTo(properties);

            assertThat(byteOf(library)).as(library.toString()).isEqualTo(before);
        }
        assertThat(libraries()).isEqualTo(libraries);
    }

    private List<Path> libraries() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Its length stays the same. */
    private static int flip(Path library) throws IOException {
        Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-r--r--"));
        int before = byteOf(library);
        try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
            file.seek(PLACE);
            file.write(before ^ 1);
        }
        return before;
    }

    private static int byteOf(Path library) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "r")) {
            file.seek(PLACE);
            return file.read();
        }
    }
}
