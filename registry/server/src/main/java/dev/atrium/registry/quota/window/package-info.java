/**
 * Windows: the stretches of time in which a policy's amount is counted, by the registry's clock and
 * the tenant's time zone. A window that has begun keeps its end; the next one begins where it ends,
 * whatever the time zone is by then.
 */
@NullMarked
package dev.atrium.registry.quota.window;

import org.jspecify.annotations.NullMarked;
