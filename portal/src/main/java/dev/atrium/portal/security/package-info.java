/**
 * Sign-in through the registry's authorization server. Owns the OAuth client, the user's tokens in
 * the server session, their renewal, sign-out and the response headers. Who may see a view is
 * decided by the scopes of the token, named in Permissions; the registry enforces them again.
 */
@NullMarked
package dev.atrium.portal.security;

import org.jspecify.annotations.NullMarked;
