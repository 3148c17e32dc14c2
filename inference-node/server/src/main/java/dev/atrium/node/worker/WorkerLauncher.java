package dev.atrium.node.worker;

import dev.atrium.node.energy.EnergyEstimator;
import dev.atrium.node.worker.ipc.Frame;
import dev.atrium.node.worker.ipc.FrameChannel;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.ProtocolException;
import dev.atrium.node.worker.wall.Enclosure;
import dev.atrium.node.worker.wall.ProcessEnd;
import dev.atrium.node.worker.wall.Walls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts a process and waits until it has connected and said hello. */
final class WorkerLauncher {
    private final WorkerProperties properties;
    private final Walls walls;
    private final WorkerCommand command;
    private final RuntimeFolder runtime;
    private final EnergyEstimator energy;

    WorkerLauncher(
            WorkerProperties properties, RuntimeFolder runtime, EnergyEstimator energy, Walls walls)
            throws IOException {
        this.properties = properties;
        this.walls = walls;
        this.command = new WorkerCommand(properties, walls);
        this.runtime = runtime;
        this.energy = energy;
    }

    /**
     * @param visible the only files of the node that the worker can read
     * @param threads of a computation
     * @throws WorkerDiedException when it ends or stays silent for too long
     */
    WorkerProcess launch(List<Path> visible, int threads) {
        try {
            WorkerFolder folder = runtime.newWorkerFolder();
            try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                door.bind(UnixDomainSocketAddress.of(folder.socket()));
                return connect(door, command.start(folder, visible, threads), folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a worker cannot be started", e);
        }
    }

    private WorkerProcess connect(
            ServerSocketChannel door, Enclosure enclosure, WorkerFolder folder) throws IOException {
        Process process = enclosure.process();
        LastWords lastWords = new LastWords(process.getErrorStream());
        AtomicBoolean connected = new AtomicBoolean();
        // The kill of a silent process, or its own end, closes the door and ends the wait.
        CompletableFuture<Process> end = ProcessEnd.of(process);
        end.thenRun(() -> close(door));
        CompletableFuture.delayedExecutor(
                        properties.startTimeout().toMillis(),
                        TimeUnit.MILLISECONDS,
                        Thread::startVirtualThread)
                .execute(() -> killUnless(connected, process));
        try {
            FrameChannel frames = frames(door.accept());
            requireHello(frames);
            if (!connected.compareAndSet(false, true)) {
                throw new ProtocolException("connected too late");
            }
            // Nothing but our own code has run in there yet.
            walls.entered(enclosure);
            WorkerProcess worker =
                    new WorkerProcess(
                            enclosure, frames, lastWords, () -> clear(enclosure, folder), energy);
            worker.listen();
            return worker;
        } catch (IOException e) {
            process.destroyForcibly();
            int exitCode = end.join().exitValue();
            WorkerDeath death = WorkerDeath.of(enclosure, exitCode, lastWords.ofTheDead());
            clear(enclosure, folder);
            throw new WorkerDiedException(death);
        }
    }

    private void clear(Enclosure enclosure, WorkerFolder folder) {
        walls.left(enclosure);
        folder.remove();
    }

    private static void killUnless(AtomicBoolean connected, Process process) {
        if (connected.compareAndSet(false, true)) {
            process.destroyForcibly();
        }
    }

    private FrameChannel frames(SocketChannel socket) {
        return new FrameChannel(
                socket, (int) properties.maxHead().toBytes(), properties.maxFrame().toBytes());
    }

    private static void requireHello(FrameChannel frames) throws IOException {
        Frame hello = frames.receive().orElseThrow(() -> new ProtocolException("no hello"));
        if (hello.type() != FrameType.HELLO
                || Messages.read(hello.head(), Messages.Hello.class).protocol()
                        != Messages.Hello.PROTOCOL) {
            throw new ProtocolException("not a worker of this release");
        }
    }

    private static void close(ServerSocketChannel door) {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
