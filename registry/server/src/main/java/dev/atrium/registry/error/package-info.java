/**
 * How anything that goes wrong is answered: capabilities throw one exception per fact, one
 * translator turns it into an RFC 9457 problem with a stable code and the request id. What is not
 * known here is answered as an internal error and logged once with its cause.
 */
@NullMarked
package dev.atrium.registry.error;

import org.jspecify.annotations.NullMarked;
