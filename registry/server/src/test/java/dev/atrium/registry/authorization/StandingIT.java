package dev.atrium.registry.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.SignInBrowser;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A good signature is not enough: the principal must be in its standing now. */
class StandingIT extends RegistryTest {
    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void removedMembersTokensStopAtOnceAndCannotBeRefreshed() {
        TestTenant acme = tenant("standing");
        String email = "dev@" + acme.slug() + ".test";
        Member dev = addMember(acme.id(), email, Role.DEVELOPER);
        SignInBrowser browser = browser();
        JsonNode tokens = browser.signIn(email, TestTenant.PASSWORD).json();

        Answer removed = http().delete("/api/v1/members/" + dev.userId(), acme.ownerToken());

        assertThat(removed.status()).isEqualTo(204);
        assertRefused(tokens.path("access_token").asString());
        assertThat(browser.refresh(tokens.path("refresh_token").asString()).status())
                .isEqualTo(400);
    }

    @Test
    void lesserRoleCountsForTokensMadeBefore() {
        TestTenant acme = tenant("standing");
        String email = "dev@" + acme.slug() + ".test";
        Member dev = addMember(acme.id(), email, Role.DEVELOPER);
        String token = tokenOf(email);
        assertThat(http().get("/api/v1/api-keys", token).status()).isEqualTo(200);

        http().patch(
                        "/api/v1/members/" + dev.userId(),
                        acme.ownerToken(),
                        Map.of("role", "VIEWER"));

        assertThat(http().get("/api/v1/api-keys", token).status()).isEqualTo(403);
        assertThat(http().get("/api/v1/members", token).status()).isEqualTo(200);
    }

    @Test
    void deactivatedUserStops() {
        TestTenant acme = tenant("standing");

        platform.sql("UPDATE app_user SET active = false WHERE id = ?")
                .param(acme.owner().value())
                .update();

        assertRefused(acme.ownerToken());
        assertThat(browser().login(acme.ownerEmail(), TestTenant.PASSWORD).status()).isEqualTo(401);
    }

    @Test
    void suspendedTenantsTokensAndKeysStopUntilItGoesOn() {
        TestTenant acme = tenant("standing");
        String key =
                http().post("/api/v1/api-keys", acme.ownerToken(), Map.of("name", "ci"))
                        .json()
                        .path("secret")
                        .asString();
        assertThat(http().get("/api/v1/me", key).status()).isEqualTo(200);

        changeStatus(acme, "SUSPENDED");
        assertRefused(acme.ownerToken());
        assertRefused(key);

        changeStatus(acme, "ACTIVE");
        assertThat(http().get("/api/v1/me", acme.ownerToken()).status()).isEqualTo(200);
        assertThat(http().get("/api/v1/me", key).status()).isEqualTo(200);
    }

    @Test
    void deletedServiceAccountStops() {
        TestTenant acme = tenant("standing");
        JsonNode account =
                http().post(
                                "/api/v1/service-accounts",
                                acme.ownerToken(),
                                Map.of("name", "batch", "scopes", List.of("models:read")))
                        .json();
        String clientId = account.path("serviceAccount").path("clientId").asString();
        String secret = account.path("clientSecret").asString();
        String token = clientToken(clientId, secret).json().path("access_token").asString();
        assertThat(http().get("/api/v1/me", token).status()).isEqualTo(200);

        http().delete(
                        "/api/v1/service-accounts/"
                                + account.path("serviceAccount").path("id").asString(),
                        acme.ownerToken());

        assertRefused(token);
        assertThat(clientToken(clientId, secret).status()).isEqualTo(401);
    }

    @Test
    void switchingTheTenantCountsFromTheNextToken() {
        TestTenant acme = tenant("standing");
        TestTenant globex = tenant("standing");
        TestTenant foreign = tenant("standing");
        addMember(globex.id(), acme.ownerEmail(), Role.VIEWER);
        SignInBrowser browser = browser();
        JsonNode tokens = browser.signIn(acme.ownerEmail(), TestTenant.PASSWORD).json();
        String token = tokens.path("access_token").asString();

        Answer switched = switchTo(globex, token);
        Answer refused = switchTo(foreign, token);
        JsonNode refreshed = browser.refresh(tokens.path("refresh_token").asString()).json();

        assertThat(switched.status()).as(switched.text()).isEqualTo(204);
        assertThat(refused.status()).isEqualTo(404);
        JsonNode before = http().get("/api/v1/me", token).json();
        JsonNode after = http().get("/api/v1/me", refreshed.path("access_token").asString()).json();
        assertThat(before.path("tenant").path("slug").asString()).isEqualTo(acme.slug());
        assertThat(after.path("tenant").path("slug").asString()).isEqualTo(globex.slug());
        assertThat(after.path("role").asString()).isEqualTo("VIEWER");
        assertThat(after.path("tenants").size()).isEqualTo(2);
    }

    private Answer switchTo(TestTenant tenant, String token) {
        return http().put("/api/v1/me/tenant", token, Map.of("tenantId", tenant.id().toString()));
    }

    private Answer clientToken(String clientId, String secret) {
        return http().form(
                        "/oauth2/token",
                        clientId,
                        secret,
                        Map.of("grant_type", "client_credentials"));
    }

    private void changeStatus(TestTenant tenant, String status) {
        Answer answer =
                http().patch(
                                "/api/v1/admin/tenants/" + tenant.id(),
                                operatorToken(),
                                Map.of("status", status));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void assertRefused(String credential) {
        Answer answer = http().get("/api/v1/me", credential);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    }
}
