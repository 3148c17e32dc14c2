package dev.atrium.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Jazzer runs: the target that {@code -Datrium.fuzz.target} names. */
public final class Fuzzer {
    private static final Target TARGET =
            Targets.valueOf(System.getProperty("atrium.fuzz.target")).make();

    private Fuzzer() {}

    /** Called once: loading classes takes longer than an input may. */
    public static void fuzzerInitialize() throws Exception {
        for (byte[] seed : TARGET.seeds()) {
            TARGET.read(seed);
        }
    }

    /** Found and called by Jazzer by this name. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        TARGET.read(input);
    }

    /** Lists the targets and writes the seeds of each into a folder of its own. */
    public static final class Seeds {
        private Seeds() {}

        /** Argument: the folder. */
        public static void main(String[] arguments) throws Exception {
            for (Targets which : Targets.values()) {
                write(Path.of(arguments[0], which.name()), which.make().seeds());
                System.out.println(which);
            }
        }

        private static void write(Path folder, List<byte[]> seeds) throws IOException {
            Files.createDirectories(folder);
            for (int i = 0; i < seeds.size(); i++) {
                Files.write(folder.resolve("seed-" + i), seeds.get(i));
            }
        }
    }
}
