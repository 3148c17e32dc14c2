package dev.atrium.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Leaves a flight recording of the gateway under each kind of load. */
final class GatewayProfile {
    private static final int KEYS = 100_000;
    private static final int RATE = 2_000;

    private GatewayProfile() {}

    /** Arguments: the gateway's jar, where the recording goes, seconds of warm-up and of load. */
    public static void main(String[] arguments) throws Exception {
        Duration warmUp = Duration.ofSeconds(Long.parseLong(arguments[2]));
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[3]));
        try (Upstream upstream = new Upstream();
                World world = new World(KEYS, upstream.url());
                Processes processes = new Processes()) {
            Target gateway =
                    new Targets(processes, world, upstream)
                            .gateway(
                                    Path.of(arguments[0]),
                                    // Killed in the end, it would leave its recordings behind.
                                    "-XX:FlightRecorderOptions=repository="
                                            + processes.folder().resolve("jfr"),
                                    "-XX:+UnlockDiagnosticVMOptions",
                                    "-XX:+DebugNonSafepoints");
            Loads loads = new Loads(new Calls(world));
            loads.flatOut(gateway, warmUp);
            loads.streams(gateway, warmUp.dividedBy(3));
            record(gateway, arguments[1] + "/flat-out.jfr", () -> loads.flatOut(gateway, time));
            record(gateway, arguments[1] + "/at-rate.jfr", () -> loads.atRate(gateway, RATE, time));
            record(gateway, arguments[1] + "/streams.jfr", () -> loads.streams(gateway, time));
        }
    }

    private interface Load {
        Figures play() throws IOException;
    }

    private static void record(Target target, String file, Load load)
            throws IOException, InterruptedException {
        target.jcmd("JFR.start name=bench jdk.CPUTimeSample#enabled=true settings=profile");
        Figures figures = load.play();
        target.jcmd("JFR.stop name=bench filename=" + file);
        System.out.printf(
                Locale.ROOT,
                "%s: CPU µs %.0f, %.0f/s, p50 %.0f µs, p99 %.0f µs%n",
                file,
                figures.cpuMicros(),
                figures.perSecond(),
                figures.p50Micros(),
                figures.p99Micros());
    }
}
