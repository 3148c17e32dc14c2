package dev.atrium.portal.calls;

import java.time.Duration;
import java.util.Arrays;

/** How far back the list goes. */
enum CallPeriod {
    HOUR("1h", Duration.ofHours(1)),
    DAY("24h", Duration.ofHours(24)),
    WEEK("7d", Duration.ofDays(7)),
    MONTH("30d", Duration.ofDays(30)),
    /** From one moment to another. */
    CUSTOM("custom", Duration.ofHours(24));

    private final String key;
    private final Duration length;

    CallPeriod(String key, Duration length) {
        this.key = key;
        this.length = length;
    }

    static CallPeriod of(String key) {
        return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst().orElse(DAY);
    }

    String key() {
        return key;
    }

    Duration length() {
        return length;
    }
}
