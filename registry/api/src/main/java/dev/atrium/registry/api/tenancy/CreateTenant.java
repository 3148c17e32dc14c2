package dev.atrium.registry.api.tenancy;

import org.jspecify.annotations.Nullable;

/** Asks for a tenant; a null time zone is UTC. */
public record CreateTenant(String slug, String name, @Nullable String timeZone) {}
