/**
 * How a person signs in with a browser: the page, the throttle against guessing, the forced change
 * of a password that somebody else knows, one-time links. Ends where the session knows its user;
 * what the user may do is decided when a token is made.
 */
@NullMarked
package dev.atrium.registry.signin;

import org.jspecify.annotations.NullMarked;
