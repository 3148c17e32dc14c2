package dev.atrium.node.worker.child;

import dev.atrium.node.worker.ipc.FrameChannel;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.wall.Sockets;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Entry of a worker process. Arguments: the socket's path, the largest head and the largest frame
 * in bytes, and whether to give up sockets once connected.
 */
public final class WorkerMain {
    private WorkerMain() {}

    public static void main(String[] args) throws IOException {
        endWithStandardInput();
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(Path.of(args[0])));
            if (Boolean.parseBoolean(args[3])) {
                Sockets.close();
            }
            FrameChannel frames =
                    new FrameChannel(socket, Integer.parseInt(args[1]), Long.parseLong(args[2]));
            frames.send(
                    FrameType.HELLO,
                    0,
                    Messages.write(new Messages.Hello(Messages.Hello.PROTOCOL)));
            new Requests(frames).serve();
        } finally {
            // exit() would run native clean-up, which libtorch does not survive mid-computation.
            Runtime.getRuntime().halt(0);
        }
    }

    /** The supervisor holds the other end; when it is killed, so is every worker of it. */
    private static void endWithStandardInput() {
        Thread.ofPlatform()
                .daemon()
                .name("parent-watch")
                .start(() -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Nothing is ever sent; only the end counts.
                            continue;
                        }
                    } catch (IOException e) {
                        System.err.println("standard input failed: " + e.getMessage());
                    }
                    Runtime.getRuntime().halt(0);
                });
    }
}
