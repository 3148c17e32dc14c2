package dev.atrium.registry.identity;

import java.util.Optional;

/**
 * A user just made.
 *
 * @param generatedPassword to be shown once; empty when the maker gave one
 */
public record NewUser(User user, Optional<String> generatedPassword) {}
