package dev.atrium.portal.security;

import dev.atrium.portal.address.Addresses;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Looks before it sends the browser away to sign in: the answer comes back to the portal's
 * configured address, so sign-in has to begin there, and a registry that is down would otherwise
 * greet the user with the browser's own error page.
 */
@Component
class SignInStartFilter extends OncePerRequestFilter {
    /** Marks a request that was already moved, so that a rewriting proxy cannot make a loop. */
    private static final String MOVED = "moved";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Addresses addresses;
    private final SignInPages pages;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    SignInStartFilter(Addresses addresses, SignInPages pages) {
        this.addresses = addresses;
        this.pages = pages;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().equals(SecurityConfiguration.SIGN_IN);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isElsewhere(request) && request.getParameter(MOVED) == null) {
            response.sendRedirect(
                    addresses.portal() + SecurityConfiguration.SIGN_IN + "?" + MOVED + "=true");
        } else if (isRegistryAnswering()) {
            chain.doFilter(request, response);
        } else {
            pages.registryUnreachable(request, response);
        }
    }

    private boolean isElsewhere(HttpServletRequest request) {
        return !URI.create(addresses.portal()).getHost().equalsIgnoreCase(request.getServerName());
    }

    private boolean isRegistryAnswering() {
        HttpRequest probe =
                HttpRequest.newBuilder(URI.create(addresses.registry() + "/oauth2/jwks"))
                        .timeout(PATIENCE)
                        .build();
        try {
            return client.send(probe, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            logger.warn("Sign-in is not possible, the registry does not answer: " + e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
