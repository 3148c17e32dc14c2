package dev.atrium.portal.security;

/**
 * What a view asks of its visitor, for {@code @RolesAllowed}: the wire names of the scopes in
 * {@link dev.atrium.registry.api.identity.Scope}. The registry enforces the same on every call.
 */
public final class Permissions {
    public static final String INFERENCE_INVOKE = "inference:invoke";
    public static final String MODELS_READ = "models:read";
    public static final String KEYS_MANAGE = "keys:manage";
    public static final String USAGE_READ = "usage:read";
    public static final String MEMBERS_MANAGE = "members:manage";
    public static final String QUOTA_ADMIN = "quota:admin";
    public static final String PLATFORM_ADMIN = "platform:admin";

    private Permissions() {}
}
