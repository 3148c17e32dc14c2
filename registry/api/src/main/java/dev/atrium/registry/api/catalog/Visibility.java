package dev.atrium.registry.api.catalog;

/** Who may see and call a model besides its own tenant. */
public enum Visibility {
    PRIVATE,
    SHARED,
    PUBLIC
}
