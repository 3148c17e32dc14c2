package dev.atrium.registry.api.usage;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of the call log, of one kind or the other.
 *
 * @param callId also the {@code x-request-id} of its answer
 * @param settled the ledger's row; null for a call that was refused
 * @param refused why there is no row; null for a call that was opened
 */
public record LoggedCall(
        UUID callId, @Nullable UsageRecord settled, @Nullable RefusedCall refused) {
    public static LoggedCall of(UsageRecord settled) {
        return new LoggedCall(settled.callId(), settled, null);
    }

    public static LoggedCall of(RefusedCall refused) {
        return new LoggedCall(refused.callId(), null, refused);
    }
}
