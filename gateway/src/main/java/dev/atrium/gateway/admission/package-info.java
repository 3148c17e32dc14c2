/**
 * Decides whether a caller may go on now: requests per minute of its key or principal, and the
 * gateway's own bound on calls in flight. Counts in memory only; several gateways count apart.
 * Sheds calls when the process is near its limits. Has the rate algorithm of policies as well,
 * whose parts the {@code quota} package shares between gateways.
 */
@NullMarked
package dev.atrium.gateway.admission;

import org.jspecify.annotations.NullMarked;
