package dev.atrium.registry.signin;

import dev.atrium.registry.identity.User;
import java.time.Duration;

/** What became of an attempt to sign in. */
sealed interface SignInOutcome {
    record SignedIn(User user) implements SignInOutcome {}

    /** Wrong password, unknown or inactive user: nobody is told which. */
    record Refused() implements SignInOutcome {}

    record Throttled(Duration retryAfter) implements SignInOutcome {}
}
