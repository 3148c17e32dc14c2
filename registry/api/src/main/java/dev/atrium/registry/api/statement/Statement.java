package dev.atrium.registry.api.statement;

import java.time.Instant;

/**
 * A closed statement.
 *
 * @param hash of the document's text, which {@code /statements/{day}/document} answers unchanged
 * @param seal HMAC of the hash under a key that only the registry holds, not its database
 */
public record Statement(StatementDocument document, String hash, String seal, Instant madeAt) {}
