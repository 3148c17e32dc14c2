package dev.atrium.standalone.launcher;

import dev.atrium.standalone.process.ProcessIdentity;
import java.time.Duration;
import java.util.List;

/** How processes are ended: politely, then by force, never leaving what they had started. */
final class Ending {
    private Ending() {}

    /**
     * @return whether it ended politely
     */
    static boolean end(ProcessHandle process, Duration polite, Duration forced) {
        ProcessIdentity identity = ProcessIdentity.of(process);
        List<ProcessIdentity> children = process.descendants().map(ProcessIdentity::of).toList();
        process.destroy();
        boolean ended = identity.awaitEnd(polite);
        if (!ended) {
            process.destroyForcibly();
            identity.awaitEnd(forced);
        }
        for (ProcessIdentity child : children) {
            child.find().ifPresent(ProcessHandle::destroyForcibly);
        }
        return ended;
    }
}
