/**
 * Tells the registry of calls that were refused, so that their callers find them in the call log:
 * some of each tenant one by one, the rest as counts, all of it as far as memory and the registry
 * allow. Nothing waits for it, and nothing that counts depends on it.
 */
@NullMarked
package dev.atrium.gateway.refusal;

import org.jspecify.annotations.NullMarked;
