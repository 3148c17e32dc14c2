/**
 * What the gateway is measured beside: Spring Cloud Gateway with a key check and a rate limit, and
 * the least that a proxy on the gateway's own libraries can do. Both pass everything on to one
 * upstream and know nothing of calls, tokens or journals.
 */
@NullMarked
package dev.atrium.bench.peer;

import org.jspecify.annotations.NullMarked;
