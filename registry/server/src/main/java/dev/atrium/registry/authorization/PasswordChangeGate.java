package dev.atrium.registry.authorization;

import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.identity.User;
import dev.atrium.registry.identity.Users;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Stands before the authorization endpoint: a user whose password somebody else knows changes it
 * before any code is given, and a session of a user who is no longer active ends.
 */
final class PasswordChangeGate extends OncePerRequestFilter {
    private final Users users;
    private final RequestCache requests;
    private final SecurityContextLogoutHandler logout = new SecurityContextLogoutHandler();

    PasswordChangeGate(Users users, RequestCache requests) {
        this.users = users;
        this.requests = requests;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getServletPath().equals("/oauth2/authorize");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof UsernamePasswordAuthenticationToken) {
            Optional<User> user =
                    users.find(UserId.of(authentication.getName())).filter(User::active);
            if (user.isEmpty()) {
                logout.logout(request, response, authentication);
            } else if (user.get().mustChangePassword()) {
                requests.saveRequest(request, response);
                response.setStatus(HttpServletResponse.SC_FOUND);
                response.setHeader(HttpHeaders.LOCATION, "/change-password");
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
