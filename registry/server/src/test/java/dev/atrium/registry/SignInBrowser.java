package dev.atrium.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.identity.Scope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser and the portal behind it, as far as signing in goes: authorization code and PKCE. */
public final class SignInBrowser {
    public static final String PORTAL_SECRET = "portal-secret";
    public static final String VERIFIER = "a-code-verifier-of-more-than-forty-three-characters-1";
    private static final Pattern CSRF =
            Pattern.compile(
                    "name=\"_csrf\"\\s+value=\"([^\"]+)\"|value=\"([^\"]+)\"\\s+name=\"_csrf\"");

    private final RegistryClient http;
    private final String redirectUri;

    public SignInBrowser(RegistryClient http, String portalUrl) {
        this.http = http;
        this.redirectUri = portalUrl + "/login/oauth2/code/atrium";
    }

    public RegistryClient http() {
        return http;
    }

    public String redirectUri() {
        return redirectUri;
    }

    public Map<String, String> authorizationRequest() {
        Map<String, String> request = new LinkedHashMap<>();
        request.put("response_type", "code");
        request.put("client_id", "portal");
        request.put("redirect_uri", redirectUri);
        request.put("scope", "openid profile " + everyScope());
        request.put("state", "a-state");
        request.put("code_challenge", challenge(VERIFIER));
        request.put("code_challenge_method", "S256");
        return request;
    }

    private static String everyScope() {
        return Arrays.stream(Scope.values()).map(Scope::wireName).collect(Collectors.joining(" "));
    }

    public Answer authorize() {
        return http.get("/oauth2/authorize?" + RegistryClient.encode(authorizationRequest()));
    }

    /** Submits a page's form with the token that the page holds. */
    public Answer submit(String path, Map<String, String> fields) {
        Answer page = http.get(path);
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("_csrf", csrf(page.text()));
        return http.form(path, all);
    }

    public Answer login(String email, String password) {
        return submit("/login", Map.of("email", email, "password", password));
    }

    private static String csrf(String page) {
        Matcher matcher = CSRF.matcher(page);
        assertThat(matcher.find()).as("the page has a CSRF token: %s", page).isTrue();
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    /** Goes where a redirect leads, on this registry. */
    public Answer follow(Answer redirect) {
        assertThat(redirect.status()).as(redirect.text()).isEqualTo(302);
        URI location = URI.create(redirect.header("Location"));
        return http.get(
                location.getRawPath()
                        + (location.getRawQuery() == null ? "" : "?" + location.getRawQuery()));
    }

    /** The code of the redirect that ends the sign-in. */
    public String code(Answer redirect) {
        assertThat(redirect.status()).as(redirect.text()).isEqualTo(302);
        String location = redirect.header("Location");
        assertThat(location).startsWith(redirectUri).contains("state=a-state");
        Matcher code = Pattern.compile("[?&]code=([^&]+)").matcher(location);
        assertThat(code.find()).as(location).isTrue();
        return code.group(1);
    }

    public Answer exchange(String code) {
        return http.form(
                "/oauth2/token",
                "portal",
                PORTAL_SECRET,
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        redirectUri,
                        "code_verifier",
                        VERIFIER));
    }

    public Answer refresh(String refreshToken) {
        return http.form(
                "/oauth2/token",
                "portal",
                PORTAL_SECRET,
                Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    /** The whole way, for a user who need not change the password; answers the token response. */
    public Answer signIn(String email, String password) {
        assertThat(authorize().header("Location")).endsWith("/login");
        Answer tokens = exchange(code(follow(login(email, password))));
        assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
        return tokens;
    }

    public static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
