/** Who is signed in, and the scopes that a token or key can carry. */
@NullMarked
package dev.atrium.registry.api.identity;

import org.jspecify.annotations.NullMarked;
