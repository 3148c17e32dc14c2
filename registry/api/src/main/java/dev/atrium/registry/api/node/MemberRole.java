package dev.atrium.registry.api.node;

/** What joins the registry. */
public enum MemberRole {
    GATEWAY,
    NODE
}
