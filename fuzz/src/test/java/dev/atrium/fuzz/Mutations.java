package dev.atrium.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes inputs; the same seed makes the same changes. */
final class Mutations {
    private static final int MOST_CHANGES = 4;
    private static final int LONGEST_PIECE = 64;
    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        65_535,
        65_536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE / 4
    };
    private static final List<String> TOKENS =
            List.of(
                    "null",
                    "true",
                    "{}",
                    "[]",
                    "\"\"",
                    "-1",
                    "1e999",
                    "9223372036854775808",
                    "NaN",
                    "\\ud800",
                    "[[[[[[[[",
                    "\n",
                    "\0",
                    ",",
                    ":",
                    "\"",
                    "\\",
                    "}",
                    "]",
                    "0.1",
                    "-0");

    private final Random random;
    private final List<byte[]> seeds;

    Mutations(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = seeds;
    }

    byte[] next() {
        byte[] input = any().clone();
        int changes = 1 + random.nextInt(MOST_CHANGES);
        for (int i = 0; i < changes; i++) {
            input = change(input);
        }
        return input;
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] change(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + random.nextInt(LONGEST_PIECE));
        return switch (random.nextInt(8)) {
            case 0 -> with(input, at, at + 1, new byte[] {(byte) random.nextInt()});
            case 1 -> flipped(input, at);
            case 2 -> with(input, at, end, new byte[0]);
            case 3 -> with(input, at, at, Arrays.copyOfRange(input, at, end));
            case 4 -> Arrays.copyOf(input, at);
            case 5 -> number(input, at);
            case 6 -> with(input, at, random.nextBoolean() ? at : end, token());
            default -> {
                byte[] other = any();
                int from = random.nextInt(other.length + 1);
                yield with(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
            }
        };
    }

    private byte[] flipped(byte[] input, int at) {
        if (at < input.length) {
            input[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return input;
    }

    private byte[] number(byte[] input, int at) {
        int width = 1 << random.nextInt(4);
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        byte[] eight = ByteBuffer.allocate(Long.BYTES).order(order).putLong(extreme()).array();
        byte[] bytes =
                order == ByteOrder.BIG_ENDIAN
                        ? Arrays.copyOfRange(eight, Long.BYTES - width, Long.BYTES)
                        : Arrays.copyOf(eight, width);
        return with(input, at, at + width, bytes);
    }

    private byte[] token() {
        String text =
                random.nextBoolean()
                        ? TOKENS.get(random.nextInt(TOKENS.size()))
                        : Long.toString(extreme());
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private long extreme() {
        return EXTREMES[random.nextInt(EXTREMES.length)];
    }

    /** Something else in place of a range. */
    private static byte[] with(byte[] input, int from, int to, byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + piece.length);
        out.write(input, 0, from);
        out.writeBytes(piece);
        int rest = Math.min(input.length, to);
        out.write(input, rest, input.length - rest);
        return out.toByteArray();
    }
}
