package dev.atrium.portal.registry;

/** The signed-in user's access token, which every call of the portal carries. */
public interface BearerTokens {

    /**
     * A token that is still valid for a moment.
     *
     * @throws SignInRequiredException when there is none and none can be had
     */
    String current();

    /**
     * A new token, because the old one was refused or the user changed tenant.
     *
     * @throws SignInRequiredException when the session with the registry has ended
     */
    String renewed();
}
