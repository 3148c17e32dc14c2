package dev.atrium.registry.machine;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** A checked machine credential, with {@code ROLE_GATEWAY} or {@code ROLE_NODE}. */
final class MachineAuthentication extends AbstractAuthenticationToken {
    private final Machine machine;

    MachineAuthentication(Machine machine) {
        super(AuthorityUtils.createAuthorityList("ROLE_" + machine.role().name()));
        this.machine = machine;
        setAuthenticated(true);
    }

    @Override
    public Machine getPrincipal() {
        return machine;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return machine.actor();
    }
}
