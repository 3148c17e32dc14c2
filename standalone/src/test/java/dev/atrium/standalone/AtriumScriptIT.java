package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.standalone.Script.Result;
import dev.atrium.standalone.process.ProcessIdentity;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.settings.DataFolder;
import dev.atrium.standalone.settings.FreePorts;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Secrets;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One installation's life under the script {@code atrium}: started, asked for everything, killed,
 * started again, stopped, interrupted. The order of the last three is fixed, because a start is
 * what costs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AtriumScriptIT {
    private static final String ADMIN = "admin@atrium.local";
    private static final String ADMIN_PASSWORD = "what the admin has chosen";
    private static final String[] STOP_ORDER = {
        "portal           stopped",
        "gateway          stopped",
        "inference-node   stopped",
        "registry         stopped",
        "postgresql       stopped"
    };

    private Script script;
    private Result started;

    @BeforeAll
    void start() throws Exception {
        script = Script.install("script-it");
        started = script.run("start", "--detach", "--no-demo");
    }

    @AfterAll
    void stop() throws Exception {
        script.run("stop");
    }

    @Test
    void detachedStartReturnsWhenAllIsReadyAndSaysWhereEverythingIs() throws Exception {
        assertThat(started.exitCode()).as(started.toString()).isZero();
        assertThat(started.output())
                .contains("All ready after")
                .contains("portal    " + script.settings().portalUrl())
                .contains("gateway   " + script.settings().gatewayUrl())
                .contains("registry  " + script.settings().publicUrl())
                .contains("Without the demo data there is no model yet")
                .doesNotContain(secrets().password(Secrets.ADMIN_PASSWORD));
    }

    @Test
    @Order(1)
    void printedLinkSignsInOnce() throws Exception {
        String link = started.output().replaceAll("(?s).*sign in   (\\S+).*", "$1");
        Visitor admin = new Visitor();

        String refused = new Visitor().submit(link + "0", Map.of()).body();
        String forced = admin.submit(link, Map.of()).body();
        String portal =
                admin.submit(
                                script.settings().publicUrl() + "/change-password",
                                Map.of("next", ADMIN_PASSWORD, "repeated", ADMIN_PASSWORD))
                        .uri()
                        .toString();

        assertThat(refused).contains("This link is used up");
        assertThat(forced).contains("Change your password");
        assertThat(portal).startsWith(script.settings().portalUrl());
        assertThat(new Visitor().submit(link, Map.of()).body()).contains("This link is used up");
    }

    @Test
    void statusTellsProgramsStatesSecondsAndMemory() throws Exception {
        Result result = script.run("status", "--json");

        JsonNode status = JsonMapper.shared().readTree(result.output());
        assertThat(result.exitCode()).isZero();
        assertThat(result.errors()).isEmpty();
        assertThat(status.path("running").asBoolean()).isTrue();
        assertThat(status.path("phase").asString()).isEqualTo("READY");
        assertThat(status.path("startSeconds").asDouble()).isBetween(1.0, 120.0);
        assertThat(status.path("residentBytes").asLong()).isGreaterThan(100_000_000);
        assertThat(status.path("processes").valueStream())
                .filteredOn(process -> process.path("name").asString().equals("inference-node"))
                .singleElement()
                .satisfies(
                        node -> assertThat(node.path("walls").asString()).startsWith("bubblewrap"));
        assertThat(status.path("processes").valueStream())
                .allMatch(process -> process.path("alive").asBoolean())
                .allMatch(process -> process.path("ready").asBoolean())
                .allMatch(process -> process.path("residentBytes").asLong() > 1_000_000)
                .extracting(process -> process.path("name").asString())
                .containsExactlyInAnyOrder(
                        "launcher",
                        "postgresql",
                        "registry",
                        "portal",
                        "gateway",
                        "inference-node");
    }

    @Test
    void startOfWhatRunsSaysWhereItIs() throws Exception {
        Result again = script.run("start", "--detach");

        assertThat(again.exitCode()).as(again.toString()).isZero();
        assertThat(again.output())
                .contains("Atrium is already running")
                .contains(script.settings().gatewayUrl(), script.settings().portalUrl());
    }

    @Test
    void keyAndDemoRefuseWithoutDemoData() throws Exception {
        Result key = script.run("key");
        Result demo = script.run("demo");

        assertThat(key.exitCode()).isEqualTo(1);
        assertThat(key.output()).isEmpty();
        assertThat(key.errors())
                .contains("no demo tenant; make a key in the portal")
                .contains(script.settings().portalUrl());
        assertThat(demo.exitCode()).isEqualTo(1);
        assertThat(demo.errors()).contains("no demo data");
    }

    @Test
    void logsFollowAllServicesOrOne() throws Exception {
        Path output = Files.createTempFile(script.home(), "logs", ".txt");
        List<String> logs = List.of(script.home().resolve("atrium").toString(), "logs");
        Process following = script.open(logs, output, output);
        try {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(Files.readString(output))
                                    .contains(
                                            "registry.log",
                                            "gateway.log",
                                            "portal.log",
                                            "All ready after"));
        } finally {
            following.destroy();
        }

        Result unknown = script.run("logs", "unheard-of");

        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.errors()).contains("no log of 'unheard-of'", "gateway", "launcher");
    }

    @Test
    void doctorNamesWhatIsNeededAndHowToGetIt() throws Exception {
        Result doctor = script.run("doctor");

        assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
        assertThat(doctor.output())
                .contains("JDK", "memory", "disk, data", "held by the running Atrium")
                .contains("sandbox walls")
                .contains("bubblewrap: own namespaces, no network, only its own model");
        assertEveryComplaintHasAFix(doctor);
    }

    @Test
    void takenPortIsNamedWithTheVariableThatMovesIt() throws Exception {
        DataFolder other = new DataFolder(script.home().resolve("other-data"));
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            Map<String, String> changes = FreePorts.asVariables();
            changes.put(Port.GATEWAY.variable(), port);
            changes.put("ATRIUM_DATA", other.path().toString());
            Script second = script.with(changes);

            Result start = second.run("start", "--detach", "--no-demo");
            Result doctor = second.run("doctor");

            String sentence = "port " + port + " (gateway) is taken by java (pid ";
            assertThat(start.exitCode()).isEqualTo(1);
            assertThat(start.output() + start.errors())
                    .contains(sentence)
                    .contains("free it, or move Atrium's with ATRIUM_GATEWAY_PORT");
            assertThat(doctor.exitCode()).isEqualTo(1);
            assertThat(doctor.output()).contains("fail  ports", sentence, "ATRIUM_GATEWAY_PORT");
            assertEveryComplaintHasAFix(doctor);
            assertThat(second.run("status").exitCode()).as("nothing runs").isEqualTo(3);
        }
    }

    @Test
    void wrongUseIsToldApart() throws Exception {
        assertThat(script.run("begin").exitCode()).isEqualTo(2);
        assertThat(script.run("start", "--now").exitCode()).isEqualTo(2);
        assertThat(script.run("status", "--now").exitCode()).isEqualTo(2);
        assertThat(script.run("--help").output()).contains("Exit codes:", "ATRIUM_GATEWAY_PORT");
    }

    @Test
    void secretsAreForTheirOwnerAlone() throws Exception {
        Path data = script.settings().data().path();
        List<String> lines = Files.readAllLines(script.settings().data().secrets());
        List<String> values =
                lines.stream()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.substring(line.indexOf('=') + 1))
                        .toList();

        assertThat(values).hasSizeGreaterThan(5);
        assertThat(Permissions.of(data)).isEqualTo("rwx------");
        assertThat(Permissions.of(data.resolve("postgres"))).isEqualTo("rwx------");
        assertThat(Permissions.of(script.settings().data().secrets())).isEqualTo("rw-------");
        assertThat(Permissions.filesEndingWith(data, "credential", "credential.json"))
                .hasSize(2)
                .allSatisfy(f -> assertThat(Permissions.of(f)).isEqualTo("rw-------"));
        assertThat(Permissions.filesWithAnyOf(script.settings().data().logs(), values)).isEmpty();
    }

    @Test
    @Order(Integer.MAX_VALUE - 2)
    void installationWhoseEveryProcessWasKilledComesBackWithItsData() throws Exception {
        Tenant kept =
                access().operator()
                        .post(
                                "/admin/tenants",
                                new CreateTenant("kept", "Kept", null),
                                Tenant.class);
        List<ProcessIdentity> killed = script.processes();
        killed.forEach(p -> p.find().ifPresent(ProcessHandle::destroyForcibly));
        assertThat(killed).hasSizeGreaterThan(6).allMatch(p -> p.awaitEnd(Duration.ofSeconds(20)));
        assertThat(script.run("status").exitCode()).isEqualTo(3);

        Result start = script.run("start", "--detach");

        assertThat(start.exitCode()).as(start.toString()).isZero();
        assertThat(access().signIn().asUser(ADMIN, ADMIN_PASSWORD)).isNotBlank();
        assertThat(access().operator().all("/admin/tenants", Tenant.class)).contains(kept);
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void stopEndsAllInOrderAndLeavesNoProcess() throws Exception {
        List<ProcessIdentity> running = script.processes();

        Result stop = script.run("stop");

        assertThat(stop.exitCode()).as(stop.toString()).isZero();
        assertThat(stop.output()).contains("Atrium stopped in");
        assertThat(Files.readString(script.settings().data().log("launcher")))
                .containsSubsequence(STOP_ORDER);
        assertThat(running).hasSizeGreaterThan(6).noneMatch(ProcessIdentity::lives);
        assertThat(script.run("status").exitCode()).isEqualTo(3);
        assertThat(script.run("stop").exitCode()).isZero();
    }

    /** While it starts: then some services run, one is starting and some are not there yet. */
    @Test
    @Order(Integer.MAX_VALUE)
    void controlCStopsAForegroundStartInOrder() throws Exception {
        Path output = Files.createTempFile(script.home(), "foreground", ".txt");
        Process foreground = script.open(script.interruptible("start"), output, output);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> Files.readString(output).contains("portal           ready"));
        List<ProcessIdentity> running = script.processes();

        script.run(List.of("bash", "-c", "kill -INT " + foreground.pid()));

        assertThat(foreground.waitFor(Duration.ofMinutes(1))).isTrue();
        assertThat(foreground.exitValue()).isZero();
        assertThat(Files.readString(output))
                .containsSubsequence(STOP_ORDER[0], STOP_ORDER[3], STOP_ORDER[4]);
        assertThat(running).hasSizeGreaterThan(4).noneMatch(ProcessIdentity::lives);
    }

    private static void assertEveryComplaintHasAFix(Result doctor) {
        List<String> lines = doctor.output().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches("(warn|fail) .*")) {
                assertThat(lines.get(i + 1)).as("after " + lines.get(i)).contains("-> ");
            }
        }
    }

    private Access access() throws Exception {
        return new Access(script.settings(), secrets());
    }

    private Secrets secrets() throws Exception {
        return Secrets.in(script.settings().data());
    }
}
