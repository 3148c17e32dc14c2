package dev.atrium.registry.api.identity;

/** Asks for a one-time link for the user with this address; platform admins only. */
public record CreateSignInLink(String email) {}
