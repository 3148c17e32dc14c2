package dev.atrium.registry.authorization;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Clients, tokens and the keys that sign them.
 *
 * @param portalClientSecret secret of the client {@code portal}; without it there is no such client
 * @param operatorClientSecret secret of {@code atrium-operator}; without it there is no such client
 * @param accessTokenLifetime how long an access token is good for
 * @param refreshTokenLifetime how long a sign-in to the portal lasts without a renewal
 * @param codeLifetime how long an authorization code waits for its exchange
 * @param keyRotation how long one key signs
 * @param keyLead how long the next key is published before it signs
 * @param keyVerifies how long a key is published after it signed the last token
 */
@ConfigurationProperties("atrium.registry.authorization")
record AuthorizationProperties(
        @Nullable String portalClientSecret,
        @Nullable String operatorClientSecret,
        @DefaultValue("10m") Duration accessTokenLifetime,
        @DefaultValue("12h") Duration refreshTokenLifetime,
        @DefaultValue("2m") Duration codeLifetime,
        @DefaultValue("30d") Duration keyRotation,
        @DefaultValue("1d") Duration keyLead,
        @DefaultValue("1h") Duration keyVerifies) {
    AuthorizationProperties {
        if (keyLead.compareTo(keyRotation) >= 0) {
            throw new IllegalArgumentException(
                    "atrium.registry.authorization.key-lead must be shorter than key-rotation");
        }
        if (keyVerifies.compareTo(accessTokenLifetime) < 0) {
            throw new IllegalArgumentException(
                    "atrium.registry.authorization.key-verifies must not be shorter than"
                            + " access-token-lifetime");
        }
    }
}
