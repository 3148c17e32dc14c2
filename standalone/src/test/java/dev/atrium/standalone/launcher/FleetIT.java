package dev.atrium.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atrium.migrations.LocalPostgres;
import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.process.Listener;
import dev.atrium.standalone.process.ProcessIdentity;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.settings.DataFolder;
import dev.atrium.standalone.settings.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Start, death, restart and stop of real processes, with small programs for the services. */
class FleetIT {
    @TempDir Path folder;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private DataFolder data;
    private ProcessTable table;
    private Secrets secrets;
    private LocalPostgres.Site site;
    private Fleet fleet;

    @BeforeEach
    void prepare() throws Exception {
        data = new DataFolder(folder.resolve("data"));
        data.prepare();
        secrets = Secrets.in(data);
        site =
                new LocalPostgres.Site(
                        data.postgres(),
                        Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg"),
                        freePort(),
                        secrets.password(Secrets.SUPERUSER_PASSWORD));
        table = ProcessTable.begin(data.state(), starting());
    }

    @AfterEach
    void stop() {
        if (fleet != null) {
            fleet.stop();
        }
    }

    @Test
    void startsAllRestartsADeadOneAndLeavesNothingBehind() throws Exception {
        int registryPort = freePort();
        int gatewayPort = freePort();
        fleet =
                fleet(
                        service(ServiceName.REGISTRY, Integer.toString(registryPort), registryPort),
                        service(
                                ServiceName.GATEWAY,
                                Integer.toString(gatewayPort),
                                gatewayPort,
                                "registry"));
        fleet.start(System.nanoTime());
        assertThat(table.state().processes())
                .extracting(RunState.Entry::name)
                .containsExactly("postgresql", "registry", "gateway");
        assertThat(Files.readString(data.log("gateway"))).contains("hello from gateway");

        long first = pid("gateway");
        assertThat(new Readiness().answers("http://127.0.0.1:" + gatewayPort + "/die")).isTrue();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> pid("gateway") != first && !Listener.isFree(gatewayPort));
        assertThat(entry("gateway").restarts()).isEqualTo(1);
        assertThat(printed.toString()).contains("gateway died (exit code 9); it starts again");

        List<RunState.Entry> running = table.state().processes();
        fleet.stop();
        assertThat(running).noneMatch(entry -> entry.process().lives());
        assertThat(printed.toString())
                .containsSubsequence("gateway", "stopped", "registry", "stopped", "postgresql");
    }

    @Test
    void startsAnotherInThePlaceOfOneThatIsLostWithItsFolder() throws Exception {
        int port = freePort();
        fleet = fleet(service(ServiceName.GATEWAY, Integer.toString(port), port));
        fleet.start(System.nanoTime());
        long first = pid("gateway");
        Path memory = Files.writeString(data.of("gateway").resolve("memory"), "of the first");

        fleet.replace("gateway", Map.of("FAKE_NAME", "another"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> pid("gateway") != first && !Listener.isFree(port));
        assertThat(memory).doesNotExist();
        await().untilAsserted(() ->
                assertThat(Files.readString(data.log("gateway"))).contains("hello from another"));
    }

    @Test
    void startsPostgresAgainWhenItDies() throws Exception {
        fleet = fleet();
        fleet.start(System.nanoTime());
        long first = pid("postgresql");

        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> pid("postgresql") != first && entry("postgresql").process().lives());
    }

    @Test
    void showsTheLastLinesOfAServiceThatDoesNotStart() throws Exception {
        fleet = fleet(service(ServiceName.NODE, "broken", freePort()));

        assertThatThrownBy(() -> fleet.start(System.nanoTime()))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("inference-node ended with exit code 3")
                .hasMessageContaining("cannot work")
                .hasMessageContaining(data.log("inference-node").toString());
    }

    @Test
    void endsWhatAKilledLauncherLeftButNoStranger() throws Exception {
        Process orphan = new ProcessBuilder("sleep", "300").start();
        Process stranger = new ProcessBuilder("sleep", "300").start();
        try {
            ProcessIdentity left = ProcessIdentity.of(orphan.toHandle());
            ProcessIdentity other = ProcessIdentity.of(stranger.toHandle());
            table.put(entry("registry", left));
            table.put(entry("gateway", new ProcessIdentity(other.pid(), other.start() - 1)));

            List<String> stopped = Leftovers.stop(data);

            assertThat(stopped).containsExactly("registry");
            // Not Process.isAlive: it stays true until the JDK has buried the dead child.
            assertThat(left.lives()).isFalse();
            assertThat(other.lives()).isTrue();
        } finally {
            orphan.destroyForcibly();
            stranger.destroyForcibly();
        }
    }

    private Fleet fleet(Service... services) {
        return new Fleet(
                data,
                List.of(services),
                Duration.ofMinutes(1),
                site,
                secrets,
                table,
                new Console(new PrintStream(printed, true)));
    }

    private Service service(ServiceName name, String argument, int port, String... after) {
        return new Service(
                name,
                name.title(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeService.class.getName(),
                        argument),
                Map.of("FAKE_NAME", name.title()),
                data.of(name.title()),
                port,
                "here",
                "http://127.0.0.1:" + port + "/",
                Set.of(after));
    }

    private RunState.Entry entry(String name) {
        return table.state().find(name).orElseThrow();
    }

    private long pid(String name) {
        return entry(name).process().pid();
    }

    private static RunState.Entry entry(String name, ProcessIdentity process) {
        return new RunState.Entry(name, process, 1, null, Instant.now(), 0);
    }

    private static RunState starting() {
        return new RunState(
                RunState.Phase.STARTING,
                ProcessIdentity.of(ProcessHandle.current()),
                Instant.now(),
                null,
                "g",
                "r",
                "p",
                List.of());
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
