package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.standalone.Script.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How the script finds its JDK where the default one is too old. */
class ScriptJavaIT {
    private static final List<String> WHERE_IT_LOOKS =
            List.of("/usr/lib/jvm", "/opt", "/usr/java", "/usr/local/java");

    @TempDir static Path folder;
    private static Script script;
    private static Path home;

    /** An old JDK as far as the script looks at one. */
    @BeforeAll
    static void installAnOldJdk() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("jdk-17/bin"));
        program(bin.resolve("java"), "echo '    java.specification.version = 17' >&2");
        program(bin.resolve("javac"), "true");
        home = Files.createDirectories(folder.resolve("home"));
        script =
                Script.install("script-java-it")
                        .with(
                                Map.of(
                                        "JAVA_HOME", bin.getParent().toString(),
                                        "PATH", bin + ":/usr/bin:/bin",
                                        "HOME", home.toString()));
    }

    @Test
    void passesByATooOldOneAndFindsAnother() throws Exception {
        Path sdkman = Files.createDirectories(home.resolve(".sdkman/candidates/java"));
        Path found = sdkman.resolve("25-tem");
        Files.createSymbolicLink(found, Path.of(System.getProperty("java.home")));
        try {
            Result status = script.run("status");

            assertThat(status.output()).as(status.toString()).contains("Atrium is not running");
            assertThat(status.exitCode()).isEqualTo(3);
        } finally {
            Files.delete(found);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysWhatToInstallWhereThereIsNoOther() throws Exception {
        List<String> command = new ArrayList<>(List.of("bwrap", "--dev-bind", "/", "/"));
        for (String hidden : WHERE_IT_LOOKS) {
            if (Files.isDirectory(Path.of(hidden))) {
                command.addAll(List.of("--tmpfs", hidden));
            }
        }
        String own = script.home().toString();
        command.addAll(List.of("--bind", own, own, own + "/atrium", "start"));

        Result start = script.run(command);

        assertThat(start.exitCode()).as(start.toString()).isEqualTo(1);
        assertThat(start.output()).isEmpty();
        assertThat(start.errors())
                .contains("Atrium needs a JDK 25 or later, and none was found in JAVA_HOME, PATH")
                .contains("apt-get install openjdk-25-jdk", "set JAVA_HOME to its folder");
    }

    private static void program(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
