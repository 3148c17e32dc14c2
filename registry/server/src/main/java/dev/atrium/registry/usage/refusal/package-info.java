/**
 * Calls that gateways refused before they opened them: kept for some days so that callers find out
 * why, in partitions by the day that go as a whole. Nothing here is ever charged, and nothing that
 * counts depends on it: gateways tell of refusals as far as they can.
 */
@NullMarked
package dev.atrium.registry.usage.refusal;

import org.jspecify.annotations.NullMarked;
