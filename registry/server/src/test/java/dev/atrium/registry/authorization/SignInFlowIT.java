package dev.atrium.registry.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryClient;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.SignInBrowser;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.tenancy.Role;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The portal's way to a token, over HTTP. */
class SignInFlowIT extends RegistryTest {
    @Test
    void portalUserGetsAnAccessTokenAsTheContractSays() throws Exception {
        TestTenant acme = tenant("flow");

        Answer me = http().get("/api/v1/me", acme.ownerToken());

        SignedJWT jwt = SignedJWT.parse(acme.ownerToken());
        assertThat(jwt.getHeader().getType().toString()).isEqualTo("at+jwt");
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
        var claims = jwt.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo(PUBLIC_URL);
        assertThat(claims.getAudience()).containsExactly("atrium");
        assertThat(claims.getSubject()).isEqualTo(acme.owner().toString());
        assertThat(claims.getStringClaim("client_id")).isEqualTo("portal");
        assertThat(claims.getJWTID()).isNotBlank();
        assertThat(claims.getStringClaim("atrium_tenant")).isEqualTo(acme.id().toString());
        assertThat(claims.getStringClaim("atrium_principal_kind")).isEqualTo("user");
        assertThat(claims.getStringClaim("scope").split(" "))
                .contains("members:manage", "inference:invoke")
                .doesNotContain("platform:admin");
        assertThat(me.status()).as(me.text()).isEqualTo(200);
        assertThat(me.json().path("tenant").path("slug").asString()).isEqualTo(acme.slug());
        assertThat(me.json().path("role").asString()).isEqualTo("OWNER");
        assertThat(me.json().path("email").asString()).isEqualTo(acme.ownerEmail());
    }

    @Test
    void scopesAreCutToTheRoleAndTheAnswerSaysSo() {
        TestTenant acme = tenant("flow");
        addMember(acme.id(), "viewer@" + acme.slug() + ".test", Role.VIEWER);

        JsonNode tokens =
                browser().signIn("viewer@" + acme.slug() + ".test", TestTenant.PASSWORD).json();

        assertThat(tokens.path("scope").asString().split(" "))
                .containsExactlyInAnyOrder("openid", "profile", "models:read", "usage:read");
        Answer refused =
                http().post(
                                "/api/v1/members",
                                tokens.path("access_token").asString(),
                                Map.of("email", "x@y.test", "displayName", "x", "role", "OWNER"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("insufficient_scope");
        assertThat(refused.header("WWW-Authenticate"))
                .contains("error=\"insufficient_scope\"", "scope=\"members:manage\"");
    }

    @Test
    void refreshRotatesAndTheOldRefreshTokenIsWorthNothing() {
        TestTenant acme = tenant("flow");
        SignInBrowser browser = browser();
        String first =
                browser.signIn(acme.ownerEmail(), TestTenant.PASSWORD)
                        .json()
                        .path("refresh_token")
                        .asString();

        Answer refreshed = browser.refresh(first);
        Answer again = browser.refresh(first);

        assertThat(refreshed.status()).as(refreshed.text()).isEqualTo(200);
        assertThat(refreshed.json().path("refresh_token").asString()).isNotEqualTo(first);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.json().path("error").asString()).isEqualTo("invalid_grant");
    }

    @Test
    void usingACodeTwiceRevokesWhatItGave() {
        TestTenant acme = tenant("flow");
        SignInBrowser browser = browser();
        browser.authorize();
        String code =
                browser.code(browser.follow(browser.login(acme.ownerEmail(), TestTenant.PASSWORD)));
        String refreshToken = browser.exchange(code).json().path("refresh_token").asString();

        Answer reuse = browser.exchange(code);

        assertThat(reuse.status()).isEqualTo(400);
        assertThat(browser.refresh(refreshToken).status()).isEqualTo(400);
    }

    @Test
    void refusesACodeRequestWithoutPkceOrToAnotherAddress() {
        SignInBrowser browser = browser();
        Map<String, String> noPkce = browser.authorizationRequest();
        noPkce.remove("code_challenge");
        noPkce.remove("code_challenge_method");
        Map<String, String> elsewhere = browser.authorizationRequest();
        elsewhere.put("redirect_uri", browser.redirectUri() + ".evil.test");

        Answer withoutPkce = authorize(browser, noPkce);
        Answer toElsewhere = authorize(browser, elsewhere);

        assertThat(withoutPkce.header("Location")).contains("error=invalid_request");
        assertThat(toElsewhere.status()).isEqualTo(400);
        assertThat(toElsewhere.header("Location")).isEmpty();
    }

    @Test
    void exchangeNeedsTheRightVerifier() {
        TestTenant acme = tenant("flow");
        SignInBrowser browser = browser();
        browser.authorize();
        String code =
                browser.code(browser.follow(browser.login(acme.ownerEmail(), TestTenant.PASSWORD)));

        Answer refused =
                http().form(
                                "/oauth2/token",
                                "portal",
                                SignInBrowser.PORTAL_SECRET,
                                Map.of(
                                        "grant_type",
                                        "authorization_code",
                                        "code",
                                        code,
                                        "redirect_uri",
                                        browser.redirectUri(),
                                        "code_verifier",
                                        SignInBrowser.VERIFIER + "x"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("error").asString()).isEqualTo("invalid_grant");
    }

    @Test
    void idTokenGreetsTheUserAndUserInfoAnswers() throws Exception {
        TestTenant acme = tenant("flow");
        JsonNode tokens = browser().signIn(acme.ownerEmail(), TestTenant.PASSWORD).json();

        var claims = SignedJWT.parse(tokens.path("id_token").asString()).getJWTClaimsSet();
        Answer userInfo = http().get("/userinfo", tokens.path("access_token").asString());

        assertThat(claims.getAudience()).containsExactly("portal");
        assertThat(claims.getStringClaim("email")).isEqualTo(acme.ownerEmail());
        assertThat(claims.getStringListClaim("roles")).containsExactly("OWNER");
        assertThat(userInfo.status()).as(userInfo.text()).isEqualTo(200);
        assertThat(userInfo.json().path("sub").asString()).isEqualTo(acme.owner().toString());
    }

    @Test
    void signingOutEndsTheSessionAndLeadsBackToThePortal() {
        TestTenant acme = tenant("flow");
        SignInBrowser browser = browser();
        String idToken =
                browser.signIn(acme.ownerEmail(), TestTenant.PASSWORD)
                        .json()
                        .path("id_token")
                        .asString();

        Answer out =
                browser.http()
                        .get(
                                "/connect/logout?"
                                        + RegistryClient.encode(
                                                Map.of(
                                                        "id_token_hint",
                                                        idToken,
                                                        "post_logout_redirect_uri",
                                                        PORTAL_URL + "/")));

        assertThat(out.status()).as(out.text()).isEqualTo(302);
        assertThat(out.header("Location")).isEqualTo(PORTAL_URL + "/");
        assertThat(browser.authorize().header("Location")).endsWith("/login");
    }

    /** The portal may hold the first ID token while refreshes made others. */
    @Test
    void signingOutWithAnEarlierIdTokenIsAskedAboutAndNotRefused() {
        TestTenant acme = tenant("flow");
        SignInBrowser browser = browser();
        JsonNode first = browser.signIn(acme.ownerEmail(), TestTenant.PASSWORD).json();
        browser.refresh(first.path("refresh_token").asString());

        Answer asked =
                browser.http()
                        .get(
                                "/connect/logout?"
                                        + RegistryClient.encode(
                                                Map.of(
                                                        "id_token_hint",
                                                        first.path("id_token").asString(),
                                                        "post_logout_redirect_uri",
                                                        PORTAL_URL + "/")));
        Answer out = browser.submit("/sign-out", Map.of());

        assertThat(asked.header("Location")).isEqualTo("/sign-out");
        assertThat(out.header("Location")).isEqualTo(PORTAL_URL + "/");
        assertThat(browser.authorize().header("Location")).endsWith("/login");
    }

    @Test
    void programGetsATokenByItsSecret() {
        TestTenant acme = tenant("flow");
        JsonNode created =
                http().post(
                                "/api/v1/service-accounts",
                                acme.ownerToken(),
                                Map.of("name", "batch", "scopes", new String[] {"models:read"}))
                        .json();

        Answer token =
                http().form(
                                "/oauth2/token",
                                created.path("serviceAccount").path("clientId").asString(),
                                created.path("clientSecret").asString(),
                                Map.of("grant_type", "client_credentials"));

        assertThat(token.status()).as(token.text()).isEqualTo(200);
        assertThat(token.json().path("scope").asString()).isEqualTo("models:read");
        Answer me = http().get("/api/v1/me", token.json().path("access_token").asString());
        assertThat(me.json().path("kind").asString()).isEqualTo("SERVICE_ACCOUNT");
        assertThat(me.json().path("tenant").path("slug").asString()).isEqualTo(acme.slug());
    }

    @Test
    void operatorActsInThePlatformTenant() {
        Answer me = http().get("/api/v1/me", operatorToken());

        assertThat(me.status()).as(me.text()).isEqualTo(200);
        assertThat(me.json().path("tenant").path("slug").asString()).isEqualTo("atrium");
        assertThat(me.json().path("platformAdmin").asBoolean()).isTrue();
    }

    private static Answer authorize(SignInBrowser browser, Map<String, String> request) {
        return browser.http().get("/oauth2/authorize?" + RegistryClient.encode(request));
    }
}
