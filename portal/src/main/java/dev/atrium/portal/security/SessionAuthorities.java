package dev.atrium.portal.security;

import com.vaadin.flow.server.WrappedSession;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/**
 * Keeps what a session may see equal to the scopes of its newest token: they change with the tenant
 * and with the member's role.
 */
final class SessionAuthorities {
    private static final String SCOPE = "SCOPE_";
    private static final String ROLE = "ROLE_";
    private static final String CONTEXT =
            HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY;

    private SessionAuthorities() {}

    /** Adds to each granted scope the role of the same name, which {@code @RolesAllowed} reads. */
    static Set<GrantedAuthority> withRoles(Collection<? extends GrantedAuthority> granted) {
        Set<GrantedAuthority> all = new HashSet<>(granted);
        for (GrantedAuthority authority : granted) {
            String name = authority.getAuthority();
            if (name != null && name.startsWith(SCOPE)) {
                all.add(new SimpleGrantedAuthority(ROLE + name.substring(SCOPE.length())));
            }
        }
        return all;
    }

    static void follow(WrappedSession session, Set<String> scopes) {
        if (scopes.isEmpty()
                || !(session.getAttribute(CONTEXT) instanceof SecurityContext context)
                || !(context.getAuthentication() instanceof OAuth2AuthenticationToken signedIn)) {
            return;
        }
        Set<GrantedAuthority> kept = new HashSet<>();
        for (GrantedAuthority authority : signedIn.getAuthorities()) {
            String name = String.valueOf(authority.getAuthority());
            if (!name.startsWith(SCOPE) && !name.startsWith(ROLE)) {
                kept.add(authority);
            }
        }
        scopes.forEach(scope -> kept.add(new SimpleGrantedAuthority(SCOPE + scope)));
        var renewed =
                new OAuth2AuthenticationToken(
                        signedIn.getPrincipal(),
                        withRoles(kept),
                        signedIn.getAuthorizedClientRegistrationId());
        SecurityContext next = new SecurityContextImpl(renewed);
        session.setAttribute(CONTEXT, next);
        SecurityContextHolder.setContext(next);
    }
}
