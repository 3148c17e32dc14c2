package dev.atrium.node.worker.wall;

import java.io.IOException;
import java.util.Arrays;

/** Takes memory and keeps it until its input ends. Argument: how many megabytes. */
public final class MemoryHog {
    private MemoryHog() {}

    public static void main(String[] args) throws IOException {
        byte[][] taken = new byte[Integer.parseInt(args[0])][1 << 20];
        for (byte[] block : taken) {
            Arrays.fill(block, (byte) 1);
        }
        System.exit(System.in.read() + taken[0][0]);
    }
}
