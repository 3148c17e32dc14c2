package dev.atrium.standalone.status;

import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.launcher.Readiness;
import dev.atrium.standalone.process.Listener;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.ResidentMemory;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.settings.DataFolder;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints what of an installation runs. */
public final class Status {
    private static final int WHOLE = 0;
    private static final int DEGRADED = 1;
    private static final int NOT_RUNNING = 3;
    private static final String HEALTH = "/health/readiness";
    private static final String INFO = "/info";
    private static final double MEBIBYTE = 1024 * 1024;
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final DataFolder data;
    private final PrintStream out;

    public Status(DataFolder data, PrintStream out) {
        this.data = data;
        this.out = out;
    }

    /**
     * @return exit code: 0 all ready, 1 something is not, 3 nothing runs
     */
    public int asText() throws InterruptedException {
        StatusReport report = report();
        if (!report.running()) {
            out.println("Atrium is not running in " + data.path());
            printOrphans();
        } else {
            print(report);
        }
        return exitCode(report);
    }

    /** As {@link #asText}, for programs. */
    public int asJson() throws InterruptedException {
        StatusReport report = report();
        out.println(JSON.writeValueAsString(report));
        return exitCode(report);
    }

    private void printOrphans() {
        String orphans =
                ProcessTable.read(data.state()).map(RunState::processes).orElse(List.of()).stream()
                        .filter(entry -> entry.process().lives())
                        .map(entry -> entry.name() + " (pid " + entry.process().pid() + ")")
                        .collect(Collectors.joining(", "));
        if (!orphans.isEmpty()) {
            out.println(
                    "Its launcher was killed and these still run: "
                            + orphans
                            + "; ./atrium start or ./atrium stop takes care of them.");
        }
    }

    private static int exitCode(StatusReport report) {
        if (!report.running()) {
            return NOT_RUNNING;
        }
        return report.allReady() ? WHOLE : DEGRADED;
    }

    private void print(StatusReport report) {
        out.printf(
                "%-16s %8s  %-8s %6s %9s %10s%n", "", "pid", "state", "port", "memory", "uptime");
        for (StatusReport.Line line : report.processes()) {
            out.printf(
                    "%-16s %8d  %-8s %6s %6.0f MB %10s%s%n",
                    line.name(),
                    line.pid(),
                    state(line),
                    line.port() == 0 ? "" : Integer.toString(line.port()),
                    line.residentBytes() / MEBIBYTE,
                    uptime(line.uptimeSeconds()),
                    line.restarts() == 0 ? "" : "   restarted " + line.restarts() + " times");
        }
        out.printf("%-44s %6.0f MB%n%n", "together", report.residentBytes() / MEBIBYTE);
        Double seconds = report.startSeconds();
        out.println(
                seconds == null
                        ? report.phase() == RunState.Phase.STOPPING ? "stopping" : "still starting"
                        : "all were ready %.1f s after the start".formatted(seconds));
        report.processes().stream()
                .filter(line -> line.walls() != null)
                .forEach(line -> out.println("walls     " + line.name() + ": " + line.walls()));
        out.println("gateway   " + report.gatewayUrl());
        out.println("registry  " + report.registryUrl());
        out.println("portal    " + report.portalUrl());
        out.println("data      " + report.dataFolder());
        out.println("passwords " + report.secretsFile());
    }

    private static String state(StatusReport.Line line) {
        if (line.ready()) {
            return "ready";
        }
        return line.alive() ? "starting" : "dead";
    }

    private static String uptime(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        return "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    private StatusReport report() throws InterruptedException {
        Optional<RunState> state =
                ProcessTable.read(data.state()).filter(s -> s.launcher().lives());
        return state.isPresent() ? report(state.get()) : nothing();
    }

    private StatusReport nothing() {
        return new StatusReport(
                false,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                data.path().toString(),
                data.secrets().toString(),
                List.of());
    }

    private StatusReport report(RunState state) throws InterruptedException {
        List<StatusReport.Line> lines = new ArrayList<>();
        lines.add(launcher(state));
        try (Readiness readiness = new Readiness()) {
            for (RunState.Entry entry : state.processes()) {
                lines.add(line(entry, readiness));
            }
        }
        return new StatusReport(
                true,
                state.phase(),
                state.startedAt(),
                state.readySeconds(),
                lines.stream().mapToLong(StatusReport.Line::residentBytes).sum(),
                state.gatewayUrl(),
                state.registryUrl(),
                state.portalUrl(),
                data.path().toString(),
                data.secrets().toString(),
                lines);
    }

    private static StatusReport.Line launcher(RunState state) {
        long pid = state.launcher().pid();
        return new StatusReport.Line(
                "launcher",
                pid,
                true,
                true,
                0,
                ResidentMemory.ofOne(pid),
                secondsSince(state.startedAt()),
                0,
                null);
    }

    private static StatusReport.Line line(RunState.Entry entry, Readiness readiness)
            throws InterruptedException {
        Optional<ProcessHandle> process = entry.process().find();
        String url = entry.readiness();
        boolean ready =
                process.isPresent()
                        && (url == null ? !Listener.isFree(entry.port()) : readiness.answers(url));
        return new StatusReport.Line(
                entry.name(),
                entry.process().pid(),
                process.isPresent(),
                ready,
                entry.port(),
                process.map(ResidentMemory::ofTree).orElse(0L),
                process.isPresent() ? secondsSince(entry.since()) : 0,
                entry.restarts(),
                ready && url != null && ServiceName.NODE.isTitleOf(entry.name())
                        ? walls(url, readiness)
                        : null);
    }

    private static @Nullable String walls(String readinessUrl, Readiness readiness)
            throws InterruptedException {
        String url = readinessUrl.replace(HEALTH, INFO);
        return readiness
                .asks(url)
                .map(body -> JSON.readTree(body).path("walls").path("words"))
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .orElse(null);
    }

    private static long secondsSince(Instant moment) {
        return Duration.between(moment, Instant.now()).toSeconds();
    }
}
