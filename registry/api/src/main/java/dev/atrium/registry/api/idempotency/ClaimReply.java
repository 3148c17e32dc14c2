package dev.atrium.registry.api.idempotency;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a claim.
 *
 * @param callId the call that has the key, the claiming one when it is {@code NEW}
 * @param reply with {@code ANSWERED} only
 */
public record ClaimReply(KeyStanding standing, UUID callId, @Nullable KeptReply reply) {}
