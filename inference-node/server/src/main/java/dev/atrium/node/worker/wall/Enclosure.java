package dev.atrium.node.worker.wall;

import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process behind its wall, with what bounds it. */
public final class Enclosure {
    private final Process process;
    private final @Nullable ResourceGroup group;
    private volatile long pid;
    private volatile boolean tookTooMuch;

    Enclosure(Process process, @Nullable ResourceGroup group) {
        this.process = process;
        this.group = group;
        this.pid = process.pid();
    }

    /** The outermost process: it ends when the inner one does, with its exit code. */
    public Process process() {
        return process;
    }

    /** Of the process that computes, as this side of the wall sees it. */
    public long pid() {
        return pid;
    }

    /** Looks through the wall; at a time when nothing but our own code has run in there. */
    void look() {
        ProcessHandle inner = process.toHandle();
        Optional<ProcessHandle> child = Optional.of(inner);
        while (child.isPresent()) {
            inner = child.get();
            child = inner.children().min(Comparator.comparing(ProcessHandle::pid));
        }
        pid = inner.pid();
    }

    public void end() {
        process.destroyForcibly();
    }

    void endForMemory() {
        tookTooMuch = true;
        end();
    }

    @Nullable ResourceGroup group() {
        return group;
    }

    /** Whether it was ended because it took more memory than it may. */
    public boolean tookTooMuchMemory() {
        return tookTooMuch || (group != null && group.hasKilled());
    }
}
