package dev.atrium.registry.api.tenancy;

/** Gives a member another role. */
public record ChangeRole(Role role) {}
