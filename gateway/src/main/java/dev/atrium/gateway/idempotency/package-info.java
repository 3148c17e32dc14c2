/**
 * Calls that callers named by an {@code Idempotency-Key}: executed once, whichever gateway they
 * come through, and answered again for nothing. Claims the key at the registry before the call may
 * cost anything, the one round trip that such a caller waits for, and says afterwards what became
 * of it. What never reached a model may be tried again; what did, never.
 *
 * @see "docs/adr/0011-idempotency.md"
 */
@NullMarked
package dev.atrium.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
