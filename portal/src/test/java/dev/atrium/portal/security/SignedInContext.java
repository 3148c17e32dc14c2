package dev.atrium.portal.security;

import dev.atrium.portal.SignedIn;
import dev.atrium.registry.api.identity.Scope;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.test.context.support.WithSecurityContextFactory;

/** Makes the authentication that the OIDC sign-in would have made. */
public final class SignedInContext implements WithSecurityContextFactory<SignedIn> {
    @Override
    public SecurityContext createSecurityContext(SignedIn wanted) {
        Set<Scope> scopes = EnumSet.copyOf(Scope.of(wanted.role()));
        if (wanted.platformAdmin()) {
            scopes.add(Scope.PLATFORM_ADMIN);
        }
        Set<GrantedAuthority> granted = new HashSet<>();
        scopes.forEach(
                scope -> granted.add(new SimpleGrantedAuthority("SCOPE_" + scope.wireName())));
        Set<GrantedAuthority> all = SessionAuthorities.withRoles(granted);
        OidcIdToken idToken =
                new OidcIdToken(
                        "id-token",
                        Instant.now(),
                        Instant.now().plusSeconds(600),
                        Map.of("sub", "0190a000-0000-7000-8000-000000000001"));
        return new SecurityContextImpl(
                new OAuth2AuthenticationToken(new DefaultOidcUser(all, idToken), all, "atrium"));
    }
}
