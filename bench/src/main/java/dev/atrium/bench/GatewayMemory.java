package dev.atrium.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** How much memory a gateway needs that knows very many keys. */
final class GatewayMemory {
    private GatewayMemory() {}

    /** Arguments: the gateway's jar, how many keys, seconds of load, the largest heap in MB. */
    public static void main(String[] arguments) throws Exception {
        int keys = Integer.parseInt(arguments[1]);
        Duration load = Duration.ofSeconds(Long.parseLong(arguments[2]));
        try (Upstream upstream = new Upstream();
                World world = new World(keys, upstream.url());
                Processes processes = new Processes()) {
            Target gateway =
                    new Targets(processes, world, upstream)
                            .gateway(
                                    Path.of(arguments[0]),
                                    // Behind those of every benchmark: the later one counts.
                                    "-Xms64m",
                                    "-Xmx" + arguments[3] + "m");
            Residence residence = new Residence(gateway.process().pid());
            long started = residence.megabytes();
            Figures figures = new Loads(new Calls(world)).flatOut(gateway, load);
            System.out.printf(
                    Locale.ROOT,
                    "| keys | heap limit MB | resident when ready MB | at most under load MB | calls | failed |%n|---|---|---|---|---|---|%n| %d | %s | %d | %d | %d | %d |%n",
                    keys,
                    arguments[3],
                    started,
                    residence.mostMegabytes(),
                    figures.count(),
                    figures.failures());
        }
    }
}
