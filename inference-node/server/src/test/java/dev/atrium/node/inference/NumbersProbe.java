package dev.atrium.node.inference;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Prints how many bytes are allocated for each number of a JSON request. In a process of its own:
 * what the library's parser of numbers makes in passing is only then left out by the compiler when
 * nothing else has used the same code in other ways.
 */
final class NumbersProbe {
    private static final int MAX_BYTES = 1 << 20;
    private static final int TIMES = 1_000;

    private NumbersProbe() {}

    public static void main(String[] arguments) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] few = numbers(1_000);
        byte[] many = numbers(21_000);
        long perNumber = Long.MAX_VALUE;
        for (int i = 0; i < TIMES; i++) {
            long difference = allocated(threads, many) - allocated(threads, few);
            perNumber = Math.min(perNumber, difference / 20_000);
        }
        System.out.println(perNumber);
    }

    private static long allocated(ThreadMXBean threads, byte[] body) {
        ByteArrayInputStream source = new ByteArrayInputStream(body);
        long before = threads.getCurrentThreadAllocatedBytes();
        InferRequest request = InferRequestReader.read(source, MAX_BYTES);
        long after = threads.getCurrentThreadAllocatedBytes();
        request.buffers().release();
        return after - before;
    }

    private static byte[] numbers(int count) {
        Random dice = new Random(count);
        StringBuilder body =
                new StringBuilder(
                        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":["
                                + count
                                + "],\"data\":[");
        for (int i = 0; i < count; i++) {
            body.append(i == 0 ? "" : ",").append(dice.nextFloat() - 0.5f);
        }
        return body.append("]}]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
