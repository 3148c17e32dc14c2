package dev.atrium.registry.machine;

import dev.atrium.registry.api.node.MemberRole;
import java.util.Locale;
import java.util.UUID;

/**
 * The gateway or node that makes this request; an argument of controller methods under {@code
 * /internal/v1}.
 *
 * @param id gateway id or node id
 * @param credentialDue whether the credential it used is to be replaced
 */
public record Machine(MemberRole role, UUID id, boolean credentialDue) {
    /** As audit rows name it. */
    public String actor() {
        return role.name().toLowerCase(Locale.ROOT) + ":" + id;
    }
}
