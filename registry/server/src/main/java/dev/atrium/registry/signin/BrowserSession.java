package dev.atrium.registry.signin;

import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.identity.User;
import dev.atrium.registry.identity.Users;
import dev.atrium.registry.web.PublicUrls;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.authentication.session.ChangeSessionIdAuthenticationStrategy;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfAuthenticationStrategy;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.stereotype.Component;

/**
 * The session of a signed-in browser. It holds the user's id and nothing that could go stale; it
 * lies in PostgreSQL, so any registry can go on with it.
 */
@Component
class BrowserSession {
    private final Users users;
    private final PublicUrls urls;
    private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();
    private final HttpSessionRequestCache requests = new HttpSessionRequestCache();

    BrowserSession(Users users, PublicUrls urls) {
        this.users = users;
        this.urls = urls;
    }

    /** Signs the user in under a new session id and answers where to go now. */
    String begin(HttpServletRequest request, HttpServletResponse response, User user) {
        Authentication authentication =
                UsernamePasswordAuthenticationToken.authenticated(
                        user.id().toString(),
                        null,
                        // Says when and how; the ID token's auth_time comes from it.
                        List.of(
                                FactorGrantedAuthority.fromAuthority(
                                        FactorGrantedAuthority.PASSWORD_AUTHORITY)));
        new ChangeSessionIdAuthenticationStrategy()
                .onAuthentication(authentication, request, response);
        new CsrfAuthenticationStrategy(new HttpSessionCsrfTokenRepository())
                .onAuthentication(authentication, request, response);
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(authentication);
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response);
        return next(request, response, user);
    }

    /** The active user of this session. */
    Optional<User> user() {
        return SecurityContextHolder.getContext().getAuthentication()
                        instanceof UsernamePasswordAuthenticationToken authentication
                ? users.find(UserId.of(authentication.getName())).filter(User::active)
                : Optional.empty();
    }

    /** A due password change first, then what the browser came for, else the portal. */
    String next(HttpServletRequest request, HttpServletResponse response, User user) {
        if (user.mustChangePassword()) {
            return "/change-password";
        }
        SavedRequest saved = requests.getRequest(request, response);
        return saved == null ? urls.portal() + "/" : onThisHost(saved.getRedirectUrl());
    }

    /** Relative, for behind a proxy we do not know the name that the browser used. */
    private static String onThisHost(String url) {
        URI saved = URI.create(url);
        return saved.getRawQuery() == null
                ? saved.getRawPath()
                : saved.getRawPath() + "?" + saved.getRawQuery();
    }

    void end(HttpServletRequest request, HttpServletResponse response) {
        new SecurityContextLogoutHandler()
                .logout(request, response, SecurityContextHolder.getContext().getAuthentication());
    }
}
