package dev.atrium.registry.api.catalog;

/** Moves an alias to this version number, atomically. */
public record SetAlias(int version) {}
