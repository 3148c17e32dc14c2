/**
 * The registry's master key and what is made from it: keys for signing cursors and grants, and the
 * encryption of secrets at rest. Owns no table; refuses to start without a key of 32 bytes.
 */
@NullMarked
package dev.atrium.registry.secret;

import org.jspecify.annotations.NullMarked;
