package dev.atrium.gateway.routing;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds retries to a share of all calls, so that a failing fleet is not buried under its own
 * retries. Each call pays in its share, each retry takes out one; what a quiet time may save up is
 * bounded by the reserve.
 */
final class RetryBudget {
    private static final long ONE = 1_000;

    private final long deposit;
    private final long full;
    private final AtomicLong balance;

    RetryBudget(RoutingProperties properties) {
        this.deposit = Math.round(properties.retryRatio() * ONE);
        this.full = properties.retryReserve() * ONE;
        this.balance = new AtomicLong(full);
    }

    void deposit() {
        balance.updateAndGet(now -> Math.min(full, now + deposit));
    }

    boolean withdraw() {
        return balance.getAndUpdate(now -> now >= ONE ? now - ONE : now) >= ONE;
    }
}
