package dev.atrium.standalone.client;

import dev.atrium.registry.api.identity.Scope;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Gets access tokens as OAuth clients do.
 *
 * @param registry where the registry's public port is reached from here, whatever it is called
 *     outside
 * @param portalUrl public address of the portal, part of its redirect URI
 * @param portalSecret the portal's client secret
 */
public record SignIn(String registry, String portalUrl, String portalSecret) {
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final int MAX_REDIRECTS = 10;

    /** A program's token (client_credentials) with every scope the client has. */
    public String asClient(String clientId, String secret, String scopes) {
        return token(clientId, secret, Map.of("grant_type", "client_credentials", "scope", scopes));
    }

    /** The launcher's own token, which acts in the platform's tenant. */
    public String asOperator(String secret) {
        return asClient("atrium-operator", secret, scopes());
    }

    /**
     * A person's token: the authorization code flow with PKCE, through the sign-in page, as the
     * portal does it.
     *
     * @throws SignInFailedException when address and password are not accepted, or the page asks
     *     for something else first
     */
    public String asUser(String email, String password) {
        String verifier = random();
        Browser browser = new Browser();
        String redirectUri = portalUrl + "/login/oauth2/code/atrium";
        HttpResponse<String> page =
                browser.follow(
                        browser.get("/oauth2/authorize?" + authorization(verifier, redirectUri)));
        String form =
                encode(Map.of("email", email, "password", password, "_csrf", csrf(page.body())));
        HttpResponse<String> end = browser.follow(browser.post("/login", form));
        String code = parameter(end.headers().firstValue("location").orElse(""), "code");
        return token(
                "portal",
                portalSecret,
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        redirectUri,
                        "code_verifier",
                        verifier));
    }

    private String authorization(String verifier, String redirectUri) {
        return encode(
                Map.of(
                        "response_type",
                        "code",
                        "client_id",
                        "portal",
                        "redirect_uri",
                        redirectUri,
                        "scope",
                        "openid profile " + scopes(),
                        "state",
                        random(),
                        "code_challenge",
                        challenge(verifier),
                        "code_challenge_method",
                        "S256"));
    }

    private String token(String clientId, String secret, Map<String, String> form) {
        String basic =
                URLEncoder.encode(clientId, StandardCharsets.UTF_8)
                        + ":"
                        + URLEncoder.encode(secret, StandardCharsets.UTF_8);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(registry + "/oauth2/token"))
                        .timeout(Http.TIMEOUT)
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        basic.getBytes(StandardCharsets.UTF_8)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(encode(form)))
                        .build();
        return Http.JSON.readTree(Http.sendChecked(request).body()).get("access_token").asString();
    }

    private static String scopes() {
        return Arrays.stream(Scope.values()).map(Scope::wireName).collect(Collectors.joining(" "));
    }

    private static String csrf(String page) {
        Matcher matcher = CSRF.matcher(page);
        if (!matcher.find()) {
            throw new SignInFailedException("the registry showed no sign-in form");
        }
        return matcher.group(1);
    }

    private static String parameter(String url, String name) {
        int query = url.indexOf('?');
        for (String part : url.substring(query + 1).split("&")) {
            if (part.startsWith(name + "=")) {
                return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        throw new SignInFailedException("the sign-in did not end with a code");
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry ->
                        entry.getKey()
                                + "="
                                + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * As much of a browser as a sign-in needs: cookies and redirects on the registry. Hosts are
     * ignored, because the public one may not be reachable from here.
     */
    private final class Browser {
        private final Map<String, String> cookies = new TreeMap<>();

        HttpResponse<String> get(String path) {
            return send(request(path).GET().build());
        }

        HttpResponse<String> post(String path, String form) {
            return send(
                    request(path)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build());
        }

        /** Follows redirects until a page, or until the way leads to the portal. */
        HttpResponse<String> follow(HttpResponse<String> answer) {
            HttpResponse<String> last = answer;
            for (int i = 0; i < MAX_REDIRECTS && last.statusCode() / 100 == 3; i++) {
                String location = last.headers().firstValue("location").orElse("/");
                if (location.startsWith(portalUrl)) {
                    return last;
                }
                URI target = URI.create(location);
                String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
                last = get(target.getRawPath() + query);
            }
            return last;
        }

        private HttpRequest.Builder request(String path) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(registry + path))
                            .timeout(Http.TIMEOUT)
                            .header("Accept", "text/html");
            if (!cookies.isEmpty()) {
                request.header(
                        "Cookie",
                        cookies.entrySet().stream()
                                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                                .collect(Collectors.joining("; ")));
            }
            return request;
        }

        private HttpResponse<String> send(HttpRequest request) {
            HttpResponse<String> answer = Http.send(request, HttpResponse.BodyHandlers.ofString());
            for (String cookie : answer.headers().allValues("set-cookie")) {
                int equals = cookie.indexOf('=');
                String value = cookie.substring(equals + 1).split(";", 2)[0];
                cookies.put(cookie.substring(0, equals).strip(), value);
            }
            return answer;
        }
    }
}
