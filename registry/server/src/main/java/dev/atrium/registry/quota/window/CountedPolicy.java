package dev.atrium.registry.quota.window;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What counting needs to know of a policy.
 *
 * @param zone the tenant's
 */
public record CountedPolicy(
        PolicyId id,
        TenantId tenant,
        Window window,
        long amount,
        @Nullable Long burst,
        Instant createdAt,
        ZoneId zone) {
    private static final long MAX_SLICES = 1_000;

    /**
     * Into how many slices a rate is cut; null for what is no rate, and for one that is a sliding
     * window, which is shared unit by unit. A rate of 0 has none.
     */
    public @Nullable Long slices() {
        if (burst == null || burst == amount) {
            return null;
        }
        return amount == 0 ? 0 : Math.min(burst, MAX_SLICES);
    }

    /** By the calendar alone, whatever windows there were before. */
    public WindowSpan spanAt(Instant instant) {
        return switch (window) {
            case HOUR -> WindowSpan.hour(instant, zone);
            case DAY -> WindowSpan.day(instant, zone);
            case MONTH -> WindowSpan.month(instant, zone);
            // Whole seconds: every gateway and journal can name them.
            case NONE, SECOND, MINUTE, LIFETIME ->
                    new WindowSpan(createdAt.truncatedTo(ChronoUnit.SECONDS), null);
        };
    }
}
