package dev.atrium.registry.api.tenancy;

import org.jspecify.annotations.Nullable;

/**
 * Adds a user to a tenant, creating the user when the address is new.
 *
 * @param password the new user's first password; null has one generated, to be changed at the first
 *     sign-in
 */
public record AddMember(String email, String displayName, Role role, @Nullable String password) {}
