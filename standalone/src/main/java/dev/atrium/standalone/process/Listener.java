package dev.atrium.standalone.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a TCP port is free, and which process holds it when it is not. */
public final class Listener {
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private Listener() {}

    /** Whether a server could listen on the port, on every address and on loopback. */
    public static boolean isFree(int port) {
        return canBind(new InetSocketAddress(port))
                && canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static boolean canBind(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: connections of an earlier run that still linger don't count.
            socket.setReuseAddress(true);
            socket.bind(address);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Who listens there, as {@code name (pid 123)}; empty where the system does not tell. */
    public static Optional<String> owner(int port) {
        return Stream.of("tcp", "tcp6")
                .map(table -> inode(Path.of("/proc/net", table), port))
                .flatMap(Optional::stream)
                .map(Listener::holder)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> inode(Path table, int port) {
        String suffix = ":%04X".formatted(port);
        try {
            List<String> lines = Files.readAllLines(table);
            return lines.stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(f -> f.length > INODE)
                    .filter(f -> f[LOCAL_ADDRESS].endsWith(suffix) && f[STATE].equals(LISTENING))
                    .map(fields -> fields[INODE])
                    .findFirst();
        } catch (IOException notOnThisSystem) {
            return Optional.empty();
        }
    }

    private static Optional<String> holder(String inode) {
        String socket = "socket:[" + inode + "]";
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process.pid(), socket))
                .findFirst()
                .map(process -> nameOf(process) + " (pid " + process.pid() + ")");
    }

    private static boolean holds(long pid, String socket) {
        Path descriptors = Path.of("/proc", Long.toString(pid), "fd");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(descriptors)) {
            for (Path entry : entries) {
                if (Files.isSymbolicLink(entry)
                        && Files.readSymbolicLink(entry).toString().equals(socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException goneOrForeign) {
            return false;
        }
    }

    private static String nameOf(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString())
                .orElse("a process");
    }
}
