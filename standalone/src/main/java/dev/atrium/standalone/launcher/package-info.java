/**
 * A small supervisor: starts PostgreSQL and the four services as processes in their order, waits
 * until each is ready, keeps their logs, starts a dead one again and stops all of them in order.
 * Knows nothing of what the services do, and makes no call to them but for their readiness.
 */
@NullMarked
package dev.atrium.standalone.launcher;

import org.jspecify.annotations.NullMarked;
