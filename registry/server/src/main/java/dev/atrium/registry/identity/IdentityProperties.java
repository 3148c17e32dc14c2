package dev.atrium.registry.identity;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Users and their passwords.
 *
 * @param adminEmail address of the first platform admin, made when there is none
 * @param adminPassword the first admin's password, to be changed at the first sign-in; without it
 *     no admin is made
 * @param passwordCost work factor of bcrypt
 */
@ConfigurationProperties("atrium.registry.identity")
record IdentityProperties(
        @DefaultValue("admin@atrium.local") String adminEmail,
        @Nullable String adminPassword,
        @DefaultValue("10") int passwordCost) {}
