package dev.atrium.registry.api.tenancy;

import java.time.Instant;

/** Groups keys and usage inside a tenant; every tenant has a {@code default} one. */
public record Project(ProjectId id, String slug, String name, Instant createdAt) {}
