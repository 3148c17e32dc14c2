/**
 * The web portal: people sign in through the registry and work with keys, models and usage. It has
 * no database; everything it shows comes from the registry's management API or the gateway, with
 * the signed-in user's own token.
 */
@NullMarked
package dev.atrium.portal;

import org.jspecify.annotations.NullMarked;
