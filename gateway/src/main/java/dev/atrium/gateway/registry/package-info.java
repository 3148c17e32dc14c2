/**
 * The gateway's membership of the platform: joining with a one-use token, the stored credential,
 * heartbeats, grant keys, and the client that every background loop reaches the registry with.
 * Works with several registries and goes on with the next one when one fails. No thread that serves
 * callers waits in here.
 */
@NullMarked
package dev.atrium.gateway.registry;

import org.jspecify.annotations.NullMarked;
