package dev.atrium.node.worker.wall;

/** For a worker that has connected and never needs to again. */
public final class Sockets {
    private Sockets() {}

    /**
     * From here on no thread of this process can make, connect or bind a socket. Where the worker
     * shares a file system with others, any of their sockets would be a way out.
     */
    public static void close() {
        Processor processor = Processor.required();
        Kernel kernel = new Kernel(processor);
        kernel.setNoNewPrivileges();
        kernel.filter(SystemCallFilter.withoutSockets(processor), true);
    }
}
