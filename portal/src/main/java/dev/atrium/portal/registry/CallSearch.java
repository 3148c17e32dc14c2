package dev.atrium.portal.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which calls are asked for; empty texts are all.
 *
 * @param to null for up to now
 */
public record CallSearch(
        Instant from,
        @Nullable Instant to,
        String principal,
        String model,
        String outcome,
        String code,
        String label) {
    public static CallSearch all(Instant from, @Nullable Instant to) {
        return new CallSearch(from, to, "", "", "", "", "");
    }
}
