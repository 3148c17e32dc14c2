package dev.atrium.registry.secret;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The one secret that all registries of an installation share.
 *
 * @param masterKey 32 random bytes in base64; encrypts signing keys and derives every other key
 */
@ConfigurationProperties("atrium.registry.secret")
record SecretProperties(String masterKey) {}
