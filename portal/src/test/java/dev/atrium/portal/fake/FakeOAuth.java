package dev.atrium.portal.fake;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Sign-in without a person: every authorization request is granted to the one known user. */
final class FakeOAuth {
    static final String USER_ID = "0190a000-0000-7000-8000-000000000001";

    private final FakeRegistry registry;
    private final RSAKey key;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final Map<String, Instant> tokens = new ConcurrentHashMap<>();

    FakeOAuth(FakeRegistry registry) {
        this.registry = registry;
        try {
            this.key = new RSAKeyGenerator(2048).keyID("fake").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isKnown(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header != null
                && header.startsWith("Bearer ")
                && (header.equals("Bearer test-token") || tokens.containsKey(header.substring(7)));
    }

    void answer(HttpExchange exchange) throws IOException {
        if (registry.isCutOff()) {
            exchange.close();
            return;
        }
        try {
            switch (exchange.getRequestURI().getPath()) {
                case "/oauth2/authorize" -> authorize(exchange);
                case "/oauth2/token" -> token(exchange);
                case "/oauth2/jwks" ->
                        FakeRegistry.send(
                                exchange,
                                200,
                                new JWKSet(key.toPublicJWK())
                                        .toString()
                                        .getBytes(StandardCharsets.UTF_8));
                case "/userinfo" ->
                        FakeRegistry.send(
                                exchange, 200, Map.of("sub", USER_ID, "name", "Ada Lovelace"));
                case "/connect/logout" -> FakeRegistry.send(exchange, 200, "signed out".getBytes());
                case "/change-password" ->
                        FakeRegistry.send(exchange, 200, "change your password".getBytes());
                default -> FakeRegistry.send(exchange, 404, null);
            }
        } finally {
            exchange.close();
        }
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, query);
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        query.get("redirect_uri")
                                + "?code="
                                + code
                                + "&state="
                                + query.get("state"));
        FakeRegistry.send(exchange, 302, null);
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Map<String, Object> answer = new LinkedHashMap<>();
        if ("authorization_code".equals(form.get("grant_type"))) {
            Map<String, String> asked = codes.remove(String.valueOf(form.get("code")));
            if (asked == null
                    || !challenge(form.get("code_verifier")).equals(asked.get("code_challenge"))) {
                FakeRegistry.send(exchange, 400, Map.of("error", "invalid_grant"));
                return;
            }
            answer.put("id_token", idToken(asked.get("nonce")));
        } else if (registry.isRefreshRefused() || !"refresh".equals(form.get("refresh_token"))) {
            FakeRegistry.send(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        String token = "fake-" + UUID.randomUUID();
        tokens.put(token, Instant.now());
        answer.put("access_token", token);
        answer.put("token_type", "Bearer");
        answer.put("expires_in", 600);
        answer.put("refresh_token", "refresh");
        answer.put("scope", "openid profile " + String.join(" ", registry.state().scopes()));
        FakeRegistry.send(exchange, 200, answer);
    }

    private String idToken(String nonce) {
        try {
            JWTClaimsSet claims =
                    new JWTClaimsSet.Builder()
                            .issuer(registry.url())
                            .subject(USER_ID)
                            .audience("portal")
                            .claim("nonce", nonce)
                            .issueTime(new Date())
                            .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                            .build();
            SignedJWT jwt =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("fake").build(),
                            claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(String.valueOf(verifier).getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return values;
    }
}
