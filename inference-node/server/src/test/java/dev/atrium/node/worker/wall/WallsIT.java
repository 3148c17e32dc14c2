package dev.atrium.node.worker.wall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.registry.api.node.WallLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

/** Real walls on this machine, and what is found where they cannot be built. */
class WallsIT {
    private static final Path HOME = Path.of(System.getProperty("java.home"));
    private static final DataSize MEMORY = DataSize.ofMegabytes(512);

    /** The user and group that own nothing. */
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    /** As on systems and in containers that close user namespaces. */
    private static final List<String> WITHOUT_NAMESPACES =
            List.of("bwrap", "--unshare-user", "--disable-userns", "--dev-bind", "/", "/");

    static Stream<Arguments> users() {
        Stream<List<String>> users =
                isRoot() ? Stream.of(List.of(), AS_NOBODY) : Stream.of(List.of());
        return users.map(Arguments::of);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @ParameterizedTest
    @MethodSource("users")
    void bubblewrapStandsWhereNamespacesAreOpen(List<String> user, @TempDir Path program)
            throws Exception {
        List<String> words = check(program, user, List.of());

        assertThat(words.getFirst()).isEqualTo("BUBBLEWRAP");
    }

    @ParameterizedTest
    @MethodSource("users")
    void landlockStandsWhereNamespacesAreClosed(List<String> user, @TempDir Path program)
            throws Exception {
        List<String> words = check(program, user, WITHOUT_NAMESPACES);

        assertThat(words.getFirst()).isEqualTo("LANDLOCK");
        assertThat(words.get(2)).as("why nothing better").startsWith("BUBBLEWRAP bwrap: ");
        assertThat(words.get(3)).contains("apt-get install bubblewrap");
    }

    @Test
    void theProbeNoticesThatNoWallStands() {
        Optional<String> fault = trial().fault(new NoWall());

        assertThat(fault).hasValueSatisfying(words -> assertThat(words).contains("behind it"));
    }

    @Test
    void theBestWallStandsWhenNothingIsAskedFor() {
        WallChoice choice = WallChoice.make(asked(WallProperties.Kind.AUTO, WallLevel.NONE));

        assertThat(choice.wall().level()).isEqualTo(WallLevel.BUBBLEWRAP);
        assertThat(choice.faults()).isEmpty();
    }

    @Test
    void aNodeDoesNotStartBelowItsMinimum() {
        WallProperties properties = asked(WallProperties.Kind.LANDLOCK, WallLevel.BUBBLEWRAP);

        assertThatThrownBy(() -> WallChoice.make(properties))
                .isInstanceOf(WallMissingException.class)
                .hasMessageContaining("BUBBLEWRAP")
                .hasMessageContaining("apt-get install bubblewrap");
    }

    @ParameterizedTest
    @EnumSource(
            value = WallProperties.Kind.class,
            names = {"BUBBLEWRAP", "LANDLOCK", "NONE"})
    void aProcessThatTakesTooMuchMemoryIsEndedAndSaidToHave(
            WallProperties.Kind kind, @TempDir Path folder) throws Exception {
        WallProperties properties =
                new WallProperties(
                        kind,
                        WallLevel.NONE,
                        DataSize.ofMegabytes(150),
                        256,
                        DataSize.ofMegabytes(16));
        try (Walls walls = new Walls(properties)) {
            Path scratch = Files.createDirectory(folder.resolve("tmp"));

            Enclosure enclosure = walls.start(new Room(folder, scratch, List.of()), hog());
            walls.entered(enclosure);

            assertThat(enclosure.process().waitFor(Duration.ofSeconds(30))).isTrue();
            assertThat(enclosure.tookTooMuchMemory()).isTrue();
            walls.left(enclosure);
        }
    }

    @Test
    void aWatchEndsWhatTakesTooMuchWhereTheKernelDoesNot() throws Exception {
        try (MemoryWatch watch = new MemoryWatch(DataSize.ofMegabytes(150).toBytes())) {
            Enclosure enclosure = new Enclosure(hog().start(), null);

            watch.watch(enclosure, enclosure.pid());

            assertThat(enclosure.process().waitFor(Duration.ofSeconds(30))).isTrue();
            assertThat(enclosure.tookTooMuchMemory()).isTrue();
        }
    }

    private static ProcessBuilder hog() {
        return new ProcessBuilder(
                        HOME.resolve("bin/java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        ProgramFiles.classPath(),
                        MemoryHog.class.getName(),
                        "400")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    private static WallProperties asked(WallProperties.Kind kind, WallLevel minimum) {
        return new WallProperties(kind, minimum, MEMORY, 64, MEMORY);
    }

    private static Trial trial() {
        return new Trial(HOME.resolve("bin/java"), ProgramFiles.classPath());
    }

    /** Runs {@link WallCheck} as another user would, who cannot read what is in our home. */
    private static List<String> check(Path program, List<String> user, List<String> around)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(user);
        command.addAll(around);
        command.add(HOME.resolve("bin/java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", readableByAll(program)));
        command.add(WallCheck.class.getName());
        Path output = program.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }

    /** The few classes that the check needs, where everybody can read them. */
    private static String readableByAll(Path folder) throws IOException {
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        List<String> copies = new ArrayList<>();
        for (Class<?> type : List.of(WallCheck.class, WallLevel.class, DataSize.class)) {
            Path source =
                    Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
            Path copy = folder.resolve("part" + copies.size());
            org.springframework.util.FileSystemUtils.copyRecursively(source, copy);
            copies.add(copy.toString());
        }
        return String.join(java.io.File.pathSeparator, copies);
    }
}
