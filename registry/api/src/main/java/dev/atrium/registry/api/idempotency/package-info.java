/**
 * Calls that callers named by an {@code Idempotency-Key}: what a gateway asks before it begins one,
 * and what it says of its end. Neither the key nor the request is sent, only their hashes; the
 * reply is, because it is kept.
 *
 * @see "docs/adr/0011-idempotency.md"
 */
@NullMarked
package dev.atrium.registry.api.idempotency;

import org.jspecify.annotations.NullMarked;
