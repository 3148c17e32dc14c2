package dev.atrium.node.worker;

import dev.atrium.node.worker.wall.Enclosure;
import java.util.List;

/**
 * How a worker process ended.
 *
 * @param cause exit code or signal in words
 * @param lastWords last lines of its standard error, without paths; may quote what the model prints
 */
public record WorkerDeath(String cause, List<String> lastWords) {
    private static final int SIGNALLED = 128;

    static WorkerDeath of(Enclosure enclosure, int exitCode, List<String> lastWords) {
        String cause =
                enclosure.tookTooMuchMemory()
                        ? "took more memory than a worker may"
                        : describe(exitCode);
        return new WorkerDeath(cause, List.copyOf(lastWords));
    }

    private static String describe(int exitCode) {
        return switch (exitCode) {
            case 3 -> "ran out of Java heap";
            case SIGNALLED + 4 -> "was ended by SIGILL (an instruction this machine lacks)";
            case SIGNALLED + 6 -> "was ended by SIGABRT";
            case SIGNALLED + 8 -> "was ended by SIGFPE";
            case SIGNALLED + 9 -> "was ended by SIGKILL (out of memory, too late, or by hand)";
            case SIGNALLED + 11 -> "was ended by SIGSEGV";
            default -> "ended with exit code " + exitCode;
        };
    }
}
