package dev.atrium.gateway.authentication;

import java.time.Duration;

/** What came of a credential. */
public sealed interface Authentication {
    record Authenticated(Caller caller) implements Authentication {}

    /** There was no credential at all. */
    record Missing() implements Authentication {}

    /** Unknown, wrong, expired, revoked or of a suspended tenant: callers are not told which. */
    record Invalid() implements Authentication {}

    /** Too many wrong credentials came from this address. */
    record Throttled(Duration retryAfter) implements Authentication {}

    /** This gateway knows too little, or too old things, to tell. */
    record Unavailable() implements Authentication {}
}
