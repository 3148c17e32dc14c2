package dev.atrium.node.worker;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks the engines' native libraries once for all workers.
 *
 * <p>Left alone, each worker would unpack its own copy: 25 MB of disk and a quarter of a second
 * each, and pages that no two workers share. A folder is named by the checksum of what is in it, so
 * another release never meets files of this one; and each start compares the files with it, so that
 * none is used that a full disk or a hand has changed.
 */
final class NativeLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
    private static final String ONNX = "/ai/onnxruntime/native/";
    private static final String LLAMA = "/de/kherud/llama/";

    private final Path folder;

    NativeLibraries(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** System properties that tell the bindings where their libraries are. */
    List<String> properties() {
        List<String> properties = new ArrayList<>();
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
            return properties;
        }
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String onnx = ONNX + (arm ? "linux-aarch64/" : "linux-x64/");
        unpack("onnxruntime", onnx, "libonnxruntime.so", "libonnxruntime4j_jni.so")
                .ifPresent(path -> properties.add("-Donnxruntime.native.path=" + path));
        String llama = LLAMA + (arm ? "Linux/aarch64/" : "Linux/x86_64/");
        unpack("llama", llama, "libjllama.so")
                .ifPresent(path -> properties.add("-Dde.kherud.llama.lib.path=" + path));
        return properties;
    }

    /** Empty when there is nothing to unpack or no room; the bindings then help themselves. */
    private Optional<Path> unpack(String name, String resources, String... files) {
        try {
            StringBuilder label = new StringBuilder(name);
            List<JarURLConnection> sources = new ArrayList<>();
            for (String file : files) {
                URL url = NativeLibraries.class.getResource(resources + file);
                if (url == null || !(url.openConnection() instanceof JarURLConnection source)) {
                    return Optional.empty();
                }
                sources.add(source);
                label.append('-').append(Long.toHexString(entry(source).getCrc()));
            }
            Path target = Files.createDirectories(folder.resolve(label.toString()));
            for (int i = 0; i < files.length; i++) {
                unpack(sources.get(i), target.resolve(files[i]));
            }
            return Optional.of(target);
        } catch (IOException e) {
            LOG.warn("the libraries of {} are not unpacked: {}", name, e.getMessage());
            return Optional.empty();
        }
    }

    private static JarEntry entry(JarURLConnection source) throws IOException {
        JarEntry entry = source.getJarEntry();
        if (entry == null) {
            throw new IOException("not an entry of a jar");
        }
        return entry;
    }

    private static long checksum(Path file) throws IOException {
        CRC32 sum = new CRC32();
        try (FileChannel channel = FileChannel.open(file)) {
            sum.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
        return sum.getValue();
    }

    private static void unpack(JarURLConnection source, Path target) throws IOException {
        if (Files.exists(target)) {
            if (checksum(target) == entry(source).getCrc()) {
                return;
            }
            LOG.warn("{} is not what this release holds; it is unpacked again", target);
        }
        Path fresh = Files.createTempFile(target.getParent(), "fresh", ".so");
        try (InputStream in = source.getInputStream()) {
            Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
