package dev.atrium.standalone.status;

import dev.atrium.migrations.LocalPostgres;
import dev.atrium.standalone.launcher.Leftovers;
import dev.atrium.standalone.process.ProcessIdentity;
import dev.atrium.standalone.settings.DataFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ends an installation: asks its launcher, or ends what a killed launcher left. */
public final class Stop {
    /** Longer than the launcher gives all its services together. */
    private static final Duration LIMIT = Duration.ofSeconds(150);

    private final DataFolder data;
    private final PrintStream out;

    public Stop(DataFolder data, PrintStream out) {
        this.data = data;
        this.out = out;
    }

    /**
     * @return exit code: 0 when nothing runs any more
     */
    public int run() throws IOException {
        Optional<ProcessHandle> launcher = Leftovers.launcher(data);
        if (launcher.isPresent()) {
            return stop(launcher.get());
        }
        List<String> stopped = new ArrayList<>(Leftovers.stop(data));
        if (LocalPostgres.stopSurvivor(data.postgres())) {
            stopped.add("postgresql");
        }
        out.println(
                stopped.isEmpty()
                        ? "Atrium is not running in " + data.path()
                        : "Stopped what a killed launcher had left: " + String.join(", ", stopped));
        return 0;
    }

    private int stop(ProcessHandle launcher) {
        long begin = System.nanoTime();
        ProcessIdentity identity = ProcessIdentity.of(launcher);
        launcher.destroy();
        if (!identity.awaitEnd(LIMIT)) {
            out.printf(
                    "Atrium (pid %d) did not stop within %d s; its log is %s%n",
                    launcher.pid(), LIMIT.toSeconds(), data.log("launcher"));
            return 1;
        }
        out.printf("Atrium stopped in %.1f s.%n", (System.nanoTime() - begin) / 1e9);
        return 0;
    }
}
