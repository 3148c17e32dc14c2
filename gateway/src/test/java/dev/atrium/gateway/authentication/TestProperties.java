package dev.atrium.gateway.authentication;

import java.time.Duration;

/** Settings for tests of this package. */
final class TestProperties {
    static final String ISSUER = "https://atrium.example";

    private TestProperties() {}

    static AuthenticationProperties standard() {
        return withFailuresPerMinute(1_000);
    }

    static AuthenticationProperties withFailuresPerMinute(int failures) {
        return new AuthenticationProperties(
                ISSUER,
                Duration.ofSeconds(30),
                1_000,
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                failures,
                100,
                600);
    }
}
