package dev.atrium.registry.identity;

import java.util.Optional;

/** One kind of bearer credential that the management API takes. */
public interface BearerCredentials {
    /** Whether this kind is meant, by the look of it. */
    boolean recognise(String credential);

    /** Who it stands for now; empty for anything unknown, expired, revoked or blocked. */
    Optional<Verified> verify(String credential);

    /**
     * A credential that was checked against the present state, not only against its signature.
     *
     * @param mustChangePassword the user may do nothing else before that
     */
    record Verified(Caller caller, boolean mustChangePassword) {}
}
