/** Whether this gateway may be sent calls, for load balancers, operators and dashboards. */
@NullMarked
package dev.atrium.gateway.health;

import org.jspecify.annotations.NullMarked;
