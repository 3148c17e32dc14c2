package dev.atrium.registry.api.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a policy stands. Exact for what gateways have shipped (about a second ago); what they hold
 * in reserve is in {@code reserved}.
 *
 * @param tenantSlug whose it is
 * @param windowStart null for rates and levels
 * @param windowEnd null for rates, levels and lifetimes
 * @param used charged in this window; for concurrency and rates 0
 * @param reserved with gateways: for calls that are running and for those that may come; for
 *     concurrency permits that gateways hold
 * @param unreconciled held by gateways that have vanished, until it is known what they used
 * @param left of the amount; never negative
 * @param refused hard: calls refused in this window; dry run: those that would have been
 * @param percent {@code used + unreconciled} of the amount, 100 for an amount of 0
 */
public record PolicyStatus(
        Policy policy,
        String tenantSlug,
        @Nullable Instant windowStart,
        @Nullable Instant windowEnd,
        long used,
        long reserved,
        long unreconciled,
        long left,
        long refused,
        int percent) {}
