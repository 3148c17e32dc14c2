package dev.atrium.registry.api.quota;

/**
 * The time that a policy's amount is for.
 *
 * <p>{@link #SECOND} and {@link #MINUTE} are rates. With a burst that is the amount, as it is where
 * none was given: at most the amount in any stretch as long as the window. With another burst: in
 * any stretch of time t at most burst + amount x t / window. {@link #HOUR} to {@link #LIFETIME} are
 * quotas of a calendar window in the tenant's time zone.
 */
public enum Window {
    /** No time at all: the amount is a level, for {@link Unit#CONCURRENCY} only. */
    NONE,
    SECOND,
    MINUTE,
    HOUR,
    DAY,
    MONTH,
    LIFETIME;

    public boolean isRate() {
        return this == SECOND || this == MINUTE;
    }

    public boolean isQuota() {
        return !isRate() && this != NONE;
    }
}
