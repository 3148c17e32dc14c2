package dev.atrium.registry.api.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of an event.
 *
 * @param nextAttemptAt null where it was delivered or given up
 * @param failure of the last attempt; null where it went well or there was none
 */
public record WebhookDelivery(
        UUID id,
        UUID eventId,
        Instant createdAt,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant deliveredAt,
        @Nullable String failure) {}
