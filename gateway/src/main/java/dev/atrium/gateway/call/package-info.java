/**
 * The life of a call, the same for every protocol: authenticate, authorise, admit, reserve, journal
 * OPEN, route, forward, settle, journal SETTLED. Owns the order of these steps and the rule that a
 * call is settled exactly once, whatever happens. Knows protocols only as {@code ProtocolCall}.
 */
@NullMarked
package dev.atrium.gateway.call;

import org.jspecify.annotations.NullMarked;
