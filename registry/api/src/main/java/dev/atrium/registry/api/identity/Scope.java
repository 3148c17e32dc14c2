package dev.atrium.registry.api.identity;

import dev.atrium.registry.api.tenancy.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a token or key may do; {@link #wireName()} is the OAuth scope. */
public enum Scope {
    INFERENCE_INVOKE("inference:invoke"),
    MODELS_READ("models:read"),
    MODELS_WRITE("models:write"),
    MODELS_DEPLOY("models:deploy"),
    KEYS_MANAGE("keys:manage"),
    USAGE_READ("usage:read"),
    MEMBERS_MANAGE("members:manage"),
    QUOTA_ADMIN("quota:admin"),
    AUDIT_READ("audit:read"),
    PLATFORM_ADMIN("platform:admin");

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<Scope> fromWireName(String name) {
        return Arrays.stream(values()).filter(scope -> scope.wireName.equals(name)).findFirst();
    }

    /** Everything a member of this role may do; a token never carries more. */
    public static Set<Scope> of(Role role) {
        return switch (role) {
            case VIEWER -> EnumSet.of(MODELS_READ, USAGE_READ);
            case DEVELOPER ->
                    EnumSet.of(
                            INFERENCE_INVOKE,
                            MODELS_READ,
                            MODELS_WRITE,
                            MODELS_DEPLOY,
                            KEYS_MANAGE,
                            USAGE_READ);
            case OWNER -> EnumSet.complementOf(EnumSet.of(PLATFORM_ADMIN));
        };
    }
}
