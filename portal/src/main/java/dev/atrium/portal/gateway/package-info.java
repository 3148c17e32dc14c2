/**
 * The HTTP client of the public calls, made through the gateway with the signed-in user's token so
 * that they are authorised, limited and metered like any other call. Also writes the equivalent
 * curl.
 */
@NullMarked
package dev.atrium.portal.gateway;

import org.jspecify.annotations.NullMarked;
