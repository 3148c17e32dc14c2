/**
 * Decides whether a caller may go on now: requests per minute of its key or principal, and the
 * gateway's own bound on calls in flight. Counts in memory only; several gateways count apart.
 */
@NullMarked
package dev.atrium.gateway.admission;

import org.jspecify.annotations.NullMarked;
