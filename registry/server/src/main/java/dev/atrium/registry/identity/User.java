package dev.atrium.registry.identity;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A person who can sign in.
 *
 * @param activeTenant the tenant that the next tokens act in; null lets the registry choose
 */
public record User(
        UserId id,
        String email,
        String displayName,
        boolean mustChangePassword,
        boolean platformAdmin,
        boolean active,
        @Nullable TenantId activeTenant) {
    /** As audit rows name it. */
    public String actor() {
        return actor(email);
    }

    static String actor(String email) {
        return "user:" + email;
    }
}
