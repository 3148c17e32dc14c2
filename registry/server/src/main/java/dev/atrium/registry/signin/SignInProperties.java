package dev.atrium.registry.signin;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The throttle against guessing passwords, and one-time links.
 *
 * @param freeAttemptsPerUser wrong passwords for one address before waiting begins
 * @param freeAttemptsPerAddress failed sign-ins from one network address before waiting begins
 * @param firstWait the first wait; each further failure doubles it
 * @param longestWait where the doubling ends
 * @param forgetAfter how long after the first failure the count begins anew
 * @param linkLifetime how long a one-time link waits to be used
 */
@ConfigurationProperties("atrium.registry.sign-in")
record SignInProperties(
        @DefaultValue("5") int freeAttemptsPerUser,
        @DefaultValue("50") int freeAttemptsPerAddress,
        @DefaultValue("2s") Duration firstWait,
        @DefaultValue("15m") Duration longestWait,
        @DefaultValue("1h") Duration forgetAfter,
        @DefaultValue("15m") Duration linkLifetime) {}
