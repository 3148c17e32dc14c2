package dev.atrium.registry.database;

/**
 * The numbers of PostgreSQL's advisory locks, all in one place: two uses of one number would wait
 * for each other, and one of them may be held for as long as a registry lives.
 */
public enum AdvisoryLock {
    /** Taken by the function {@code feed_publish} until its transaction ends. */
    FEED(4_711_002),
    /** Taken by the function {@code usage_ensure_partitions} until its transaction ends. */
    PARTITIONS(4_711_003),
    PLATFORM_TENANT(4_711_004),
    SIGNING_KEYS(4_711_005),
    /** Held by a session: the registry that leads. */
    LEADER(4_711_010),
    /** Taken by whoever asks for or reads recalls, until the transaction ends. */
    RECALLS(4_711_011),
    /** Taken by whoever changes prices, until the transaction ends. */
    PRICES(4_711_012),
    /**
     * Shared by whoever posts to the ledger, alone by who closes one of its days, until the
     * transaction ends.
     */
    LEDGER_DAYS(4_711_013),
    /** Taken by whoever makes a statement until its transaction ends. */
    STATEMENTS(4_711_014),
    /** Taken by whoever admits a label to the sums of a day, until the transaction ends. */
    LABELS(4_711_016);

    private final long number;

    AdvisoryLock(long number) {
        this.number = number;
    }

    public long number() {
        return number;
    }
}
