package dev.atrium.registry.artifact.torchscript;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** The allow list of operators, and names that are refused wherever they stand. */
final class ScriptOperators {
    private static final Set<String> ALLOWED = read();

    /** Also refused as attributes, so that no renaming makes them reachable. */
    private static final Set<String> DENIED =
            Set.of(
                    "from_file",
                    "from_blob",
                    "save",
                    "load",
                    "rpc_sync",
                    "rpc_async",
                    "rpc_remote",
                    "read_file",
                    "write_file",
                    "load_library",
                    "set_data");

    private ScriptOperators() {}

    static boolean isAllowed(String namespace, String name) {
        return ALLOWED.contains(namespace + "::" + name);
    }

    static boolean isDenied(String name) {
        return DENIED.contains(name);
    }

    private static Set<String> read() {
        try (InputStream list = ScriptOperators.class.getResourceAsStream("operators.txt")) {
            if (list == null) {
                throw new IllegalStateException("the list of operators is not on the classpath");
            }
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException("the list of operators cannot be read", e);
        }
    }
}
