/**
 * Who is calling: the {@link dev.atrium.registry.identity.Caller} that a token or key became, users
 * and their passwords. Knows nothing of how a credential was checked.
 */
@NullMarked
package dev.atrium.registry.identity;

import org.jspecify.annotations.NullMarked;
