package dev.atrium.registry.api.tenancy;

/** Asks for a project in the caller's tenant. */
public record CreateProject(String slug, String name) {}
