package dev.atrium.node.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Values of a label in metrics: the first so many have names of their own, all others share one, so
 * that series never outgrow the memory of whoever collects them.
 */
final class BoundedLabels {
    static final String OTHER = "other";

    private final int most;
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    BoundedLabels(int most) {
        this.most = most;
    }

    String of(String value) {
        if (named.contains(value)) {
            return value;
        }
        synchronized (this) {
            if (named.size() < most) {
                named.add(value);
                return value;
            }
        }
        return OTHER;
    }
}
