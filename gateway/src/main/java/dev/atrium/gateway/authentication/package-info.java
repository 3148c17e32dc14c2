/**
 * Turns a credential, an API key or an access token of the registry's authorization server, into
 * one {@code Caller}. Owns the token cache, the signing keys and the limit on failed credentials.
 * Refuses everything it cannot prove from memory: no credential is ever looked up on behalf of a
 * call.
 */
@NullMarked
package dev.atrium.gateway.authentication;

import org.jspecify.annotations.NullMarked;
