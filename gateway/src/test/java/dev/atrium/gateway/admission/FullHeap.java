package dev.atrium.gateway.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process that fills its small heap for real and says what becomes of calls. */
final class FullHeap {
    private FullHeap() {}

    public static void main(String[] arguments) {
        Overload overload =
                new Overload(
                        new AdmissionProperties(
                                10, 50, 35, Duration.ofSeconds(1), Duration.ofMillis(200)),
                        System::nanoTime,
                        Heap::percentInUse,
                        System::gc);
        List<byte[]> held = new ArrayList<>();
        System.out.println(shedding(overload) ? "shed when empty" : "served");
        long most = Runtime.getRuntime().maxMemory();
        for (long bytes = 0; bytes < most * 58 / 100; bytes += 100_000) {
            held.add(new byte[100_000]);
        }
        System.out.println(becomes(overload, true) ? "shed" : "served when full");
        held.clear();
        System.out.println(becomes(overload, false) ? "served" : "shed when empty again");
    }

    /** Garbage makes collections come, as it does in any process that works. */
    private static boolean becomes(Overload overload, boolean wanted) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        long sum = 0;
        while (shedding(overload) != wanted && System.nanoTime() - until < 0) {
            for (int i = 0; i < 1_000; i++) {
                sum += new byte[1_000].length;
            }
        }
        return sum >= 0 && shedding(overload) == wanted;
    }

    private static boolean shedding(Overload overload) {
        overload.look();
        return overload.isShortOfMemory();
    }
}
