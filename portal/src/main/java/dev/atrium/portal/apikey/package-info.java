/** API keys: list, create with the secret shown once, revoke. */
@NullMarked
package dev.atrium.portal.apikey;

import org.jspecify.annotations.NullMarked;
