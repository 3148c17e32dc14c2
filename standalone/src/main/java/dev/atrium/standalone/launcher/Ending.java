package dev.atrium.standalone.launcher;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How processes are ended: politely, then by force, never leaving what they had started. */
final class Ending {
    private Ending() {}

    /**
     * @return whether it ended politely
     */
    static boolean end(ProcessHandle process, Duration polite, Duration forced) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        boolean ended = awaitEnd(process, polite);
        if (!ended) {
            process.destroyForcibly();
            awaitEnd(process, forced);
        }
        for (ProcessHandle child : children) {
            child.destroyForcibly();
        }
        return ended;
    }

    private static boolean awaitEnd(ProcessHandle process, Duration limit) {
        CompletableFuture<ProcessHandle> end = process.onExit();
        try {
            end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
