package dev.atrium.standalone;

import dev.atrium.migrations.LocalPostgres;
import dev.atrium.standalone.chaos.Campaign;
import dev.atrium.standalone.chaos.Verdict;
import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.launcher.Leftovers;
import dev.atrium.standalone.launcher.StartFailedException;
import dev.atrium.standalone.settings.DataFolder;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Plays a campaign in a folder and on ports of its own, so that a running installation goes on
 * beside it. What it leaves when the verdict is good is nothing.
 */
record ChaosCommand(Settings settings, Distribution distribution, PrintStream out) {
    int run(int kills, int lost, long seed) throws IOException, InterruptedException {
        DataFolder data = new DataFolder(settings.data().path().resolve("chaos"));
        Leftovers.stop(data);
        LocalPostgres.stopSurvivor(data.postgres());
        data.discard();
        try {
            Verdict verdict =
                    new Campaign(settings.onFreePorts(data), distribution, out)
                            .run(kills, lost, seed);
            if (verdict.holds()) {
                data.discard();
            } else {
                out.println("The promise did not hold. Data and logs are kept in " + data.path());
            }
            out.println(verdict);
            return verdict.holds() ? 0 : 1;
        } catch (StartFailedException | IllegalStateException e) {
            System.err.println(e.getMessage() + "\nData and logs are kept in " + data.path());
            return 1;
        }
    }
}
