package dev.atrium.registry.identity;

import java.util.Optional;
import org.springframework.security.core.context.SecurityContextHolder;

/** The caller of the request that this thread serves. */
public final class Callers {
    private Callers() {}

    /** Empty outside of a request, before authentication, and for machines. */
    public static Optional<Caller> find() {
        return SecurityContextHolder.getContext().getAuthentication()
                        instanceof CallerAuthentication authentication
                ? Optional.of(authentication.getPrincipal())
                : Optional.empty();
    }

    /**
     * @throws IllegalStateException where nobody is calling
     */
    public static Caller current() {
        return find().orElseThrow(() -> new IllegalStateException("no caller is authenticated"));
    }
}
