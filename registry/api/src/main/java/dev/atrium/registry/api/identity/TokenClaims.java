package dev.atrium.registry.api.identity;

/**
 * Names and fixed values of the claims in an Atrium access token (RFC 9068): {@code typ} is {@code
 * at+jwt}, {@code aud} contains {@link #AUDIENCE}, {@code scope} is the space-separated list.
 */
public final class TokenClaims {
    public static final String AUDIENCE = "atrium";
    public static final String TYPE = "at+jwt";
    public static final String SCOPE = "scope";

    /** Tenant id the token acts in. */
    public static final String TENANT = "atrium_tenant";

    /** Project id that its calls are booked on. */
    public static final String PROJECT = "atrium_project";

    /** {@code user} or {@code service_account}. */
    public static final String PRINCIPAL_KIND = "atrium_principal_kind";

    /** User id or service account id; equal to {@code sub}. */
    public static final String PRINCIPAL = "atrium_principal";

    private TokenClaims() {}
}
