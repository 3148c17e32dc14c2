package dev.atrium.node.worker.wall;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What every JVM of this program reads, wherever it was installed. */
public final class ProgramFiles {
    /** Of the system; those that are links elsewhere are found through what they link to. */
    private static final List<String> SYSTEM =
            List.of("/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache");

    private ProgramFiles() {}

    static List<Path> system() {
        return SYSTEM.stream().map(Path::of).filter(Files::exists).toList();
    }

    /** Of this JVM, and so of every worker. */
    public static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Java and the class path, with the jars that jars name, as real paths. */
    static List<Path> own(Path javaHome, String classPath) {
        Set<Path> files = new LinkedHashSet<>();
        try {
            files.add(javaHome);
            files.add(javaHome.toRealPath());
            files.addAll(linkedConfiguration(javaHome));
            for (String entry : classPath.split(File.pathSeparator)) {
                addEntry(Path.of(entry).toAbsolutePath(), files);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own files cannot be found", e);
        }
        return wholeFolders(files);
    }

    /** Distributions keep the settings of their JDK in {@code /etc} and link to them. */
    private static List<Path> linkedConfiguration(Path javaHome) throws IOException {
        List<Path> targets = new ArrayList<>();
        for (String name : List.of("conf", "lib/security", "lib/server")) {
            Path folder = javaHome.resolve(name);
            if (Files.isSymbolicLink(folder)) {
                targets.add(folder.toRealPath());
            } else if (Files.isDirectory(folder)) {
                try (Stream<Path> children = Files.list(folder)) {
                    for (Path link : children.filter(Files::isSymbolicLink).toList()) {
                        if (Files.exists(link)) {
                            targets.add(link.toRealPath());
                        }
                    }
                }
            }
        }
        return targets.stream().filter(target -> !target.startsWith(javaHome)).toList();
    }

    private static void addEntry(Path entry, Set<Path> files) throws IOException {
        if (!Files.exists(entry) || !files.add(entry) || !entry.toString().endsWith(".jar")) {
            return;
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            var manifest = jar.getManifest();
            String named =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (named != null) {
                for (String each : named.strip().split("\\s+")) {
                    URI file = entry.toUri().resolve(each);
                    if ("file".equals(file.getScheme())) {
                        addEntry(Path.of(file), files);
                    }
                }
            }
        }
    }

    /** A folder in which every file is wanted counts as one. */
    private static List<Path> wholeFolders(Set<Path> files) {
        Set<Path> folders = new LinkedHashSet<>();
        for (Path file : files) {
            Path parent = file.getParent();
            folders.add(parent != null && isAllWanted(parent, files) ? parent : file);
        }
        return List.copyOf(folders);
    }

    private static boolean isAllWanted(Path folder, Set<Path> wanted) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.allMatch(
                    child -> child.toString().endsWith(".jar") && wanted.contains(child));
        } catch (IOException e) {
            return false;
        }
    }
}
