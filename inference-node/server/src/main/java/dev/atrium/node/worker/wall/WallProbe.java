package dev.atrium.node.worker.wall;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs behind a wall and tries it: does what a worker must be able to, and what it must not.
 * Arguments: a file it may read, its scratch folder, a file it must not see, a folder it must not
 * write to, and a port of this machine that it must not reach. Prints what is wrong.
 */
public final class WallProbe {
    static final String LEFT = "left-by-probe";

    private WallProbe() {}

    public static void main(String[] args) {
        List<String> wrong = new ArrayList<>();
        Path readable = Path.of(args[0]);
        expect(true, "cannot read its model", wrong, () -> Files.readAllBytes(readable));
        Path scratch = Path.of(args[1]);
        expect(true, "cannot write its scratch folder", wrong, () -> write(scratch));
        Path secret = Path.of(args[2]);
        expect(false, "reads files of others", wrong, () -> Files.readAllBytes(secret));
        Path accounts = Path.of("/etc/passwd");
        expect(false, "reads the system's accounts", wrong, () -> Files.readAllBytes(accounts));
        Path outside = Path.of(args[3]);
        tryToLeaveAFile(outside);
        int port = Integer.parseInt(args[4]);
        expect(false, "reaches the network", wrong, () -> connect(port));
        expect(false, "starts processes", wrong, WallProbe::startProcess);
        wrong.forEach(System.err::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private interface Attempt {
        void make() throws IOException;
    }

    private static void expect(
            boolean possible, String words, List<String> wrong, Attempt attempt) {
        boolean worked;
        try {
            attempt.make();
            worked = true;
        } catch (IOException e) {
            worked = false;
        }
        if (worked != possible) {
            wrong.add("a process behind it " + words);
        }
    }

    private static void write(Path folder) throws IOException {
        Files.delete(Files.writeString(folder.resolve("probe"), "probe"));
    }

    /** Where the folder is hidden there may be another in its place: whoever started this looks. */
    private static void tryToLeaveAFile(Path folder) {
        try {
            Files.writeString(folder.resolve(LEFT), "probe");
        } catch (IOException e) {
            // As it should be.
            return;
        }
    }

    private static void connect(int port) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    private static void startProcess() throws IOException {
        new ProcessBuilder("/bin/sh", "-c", "exit").start();
    }
}
