package dev.atrium.gateway.admission;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;

/**
 * How full the heap of this process is. What a collection left behind tells more than what is in
 * use, most of which is garbage; what is in use now tells when that is out of date.
 */
final class Heap {
    private static final List<MemoryPoolMXBean> POOLS =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .toList();

    private Heap() {}

    /** Percent of the largest heap that cannot be freed, as far as is known. */
    static long percentInUse() {
        MemoryUsage now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        if (now.getMax() <= 0) {
            return 0;
        }
        return 100 * Math.min(leftByCollections(), now.getUsed()) / now.getMax();
    }

    private static long leftByCollections() {
        long left = 0;
        for (MemoryPoolMXBean pool : POOLS) {
            MemoryUsage usage = pool.getCollectionUsage();
            left += usage == null ? 0 : usage.getUsed();
        }
        return left;
    }
}
