package dev.atrium.registry.api.identity;

/** What authenticated a call. */
public enum PrincipalKind {
    API_KEY,
    USER,
    SERVICE_ACCOUNT
}
