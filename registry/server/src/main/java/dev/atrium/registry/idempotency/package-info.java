/**
 * Calls that callers named by an {@code Idempotency-Key}: each is executed at most once, whichever
 * gateway it comes through, and its reply is kept for a day for those who ask again. A key belongs
 * to one caller of one tenant. Neither keys nor requests are stored, only their MACs; replies are
 * encrypted, and seen inside their tenant's scope only.
 *
 * @see "docs/adr/0011-idempotency.md"
 */
@NullMarked
package dev.atrium.registry.idempotency;

import org.jspecify.annotations.NullMarked;
