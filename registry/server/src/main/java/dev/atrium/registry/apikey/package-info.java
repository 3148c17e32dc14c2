/**
 * API keys: made once, stored as a hash, limited to scopes, models and a time, revoked for good.
 * Publishes every usable key to the gateways and takes it back when it is revoked or has expired.
 * Never keeps or shows a secret after the answer to its creation.
 */
@NullMarked
package dev.atrium.registry.apikey;

import org.jspecify.annotations.NullMarked;
