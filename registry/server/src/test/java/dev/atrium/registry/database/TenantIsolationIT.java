package dev.atrium.registry.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Two walls: the tenant in every query, and row level security behind it. */
class TenantIsolationIT extends RegistryTest {
    @Autowired JdbcClient app;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Autowired TransactionTemplate transactions;

    @Test
    void worksAsRolesThatRowLevelSecurityHolds() {
        String facts =
                """
                SELECT current_user || ' ' || rolbypassrls || ' ' || rolsuper || ' '
                    || EXISTS (SELECT FROM pg_tables WHERE tableowner = current_user)
                FROM pg_roles WHERE rolname = current_user
                """;

        assertThat(app.sql(facts).query(String.class).single())
                .isEqualTo("atrium_app false false false");
        assertThat(platform.sql(facts).query(String.class).single())
                .isEqualTo("atrium_platform false false false");
    }

    @Test
    void queryWithoutATenantSeesNothing() {
        TestTenant acme = tenant("isolation");

        List<String> outside = projects();
        List<String> inside = TenantScope.call(acme.id(), this::projects);
        List<String> noTransaction =
                TenantScope.call(
                        acme.id(),
                        () -> app.sql("SELECT slug FROM project").query(String.class).list());

        assertThat(outside).isEmpty();
        assertThat(inside).containsExactly("default");
        assertThat(noTransaction).isEmpty();
    }

    @Test
    void tenantDoesNotStayWithThePooledConnection() {
        TestTenant acme = tenant("isolation");

        for (int i = 0; i < 40; i++) {
            TenantScope.call(acme.id(), this::projects);
            assertThat(projects()).isEmpty();
        }
    }

    @Test
    void foreignIdsAreAsAbsentAsUnknownOnes() {
        TestTenant acme = tenant("isolation");
        TestTenant globex = tenant("isolation");
        JsonNode key =
                http().post("/api/v1/api-keys", globex.ownerToken(), Map.of("name", "k")).json();
        JsonNode account =
                http().post(
                                "/api/v1/service-accounts",
                                globex.ownerToken(),
                                Map.of("name", "s", "scopes", List.of("models:read")))
                        .json();
        String policyId =
                http().post(
                                "/api/v1/quota-policies",
                                globex.ownerToken(),
                                Map.of("name", "p", "unit", "TOKENS", "window", "DAY", "amount", 1))
                        .json()
                        .path("id")
                        .asString();
        String keyId = key.path("apiKey").path("id").asString();
        String accountId = account.path("serviceAccount").path("id").asString();

        assertSame404(acme, "GET", "/api/v1/api-keys/", keyId, "aaaaaaaaaaaaaaaa");
        assertSame404(acme, "DELETE", "/api/v1/api-keys/", keyId, "aaaaaaaaaaaaaaaa");
        assertSame404(
                acme,
                "DELETE",
                "/api/v1/service-accounts/",
                accountId,
                UUID.randomUUID().toString());
        assertSame404(
                acme,
                "DELETE",
                "/api/v1/members/",
                globex.owner().toString(),
                UUID.randomUUID().toString());
        assertSame404(
                acme,
                "PATCH",
                "/api/v1/members/",
                globex.owner().toString(),
                UUID.randomUUID().toString());
        for (String method : List.of("GET", "DELETE")) {
            assertSame404(
                    acme,
                    method,
                    "/api/v1/quota-policies/",
                    policyId,
                    UUID.randomUUID().toString());
        }
        Answer foreignPolicy =
                http().put(
                                "/api/v1/quota-policies/" + policyId,
                                acme.ownerToken(),
                                Map.of("revision", 0, "amount", 9));
        assertThat(foreignPolicy.status()).isEqualTo(404);
        assertThat(
                        http().get("/api/v1/quota-policies/" + policyId, globex.ownerToken())
                                .json()
                                .path("amount")
                                .asLong())
                .isEqualTo(1);
        assertThat(http().get("/api/v1/api-keys/" + keyId, globex.ownerToken()).status())
                .isEqualTo(200);
        assertThat(http().get("/api/v1/me", key.path("secret").asString()).status()).isEqualTo(200);
    }

    @Test
    void listsHoldOwnRowsOnlyAndRefuseForeignCursors() {
        TestTenant acme = tenant("isolation");
        TestTenant globex = tenant("isolation");
        for (int i = 0; i < 3; i++) {
            http().post("/api/v1/api-keys", globex.ownerToken(), Map.of("name", "k" + i));
        }

        JsonNode first = http().get("/api/v1/api-keys?limit=2", globex.ownerToken()).json();
        String cursor = first.path("nextCursor").asString();
        JsonNode second =
                http().get("/api/v1/api-keys?limit=2&cursor=" + cursor, globex.ownerToken()).json();
        Answer foreign = http().get("/api/v1/api-keys?cursor=" + cursor, acme.ownerToken());
        Answer otherList = http().get("/api/v1/members?cursor=" + cursor, globex.ownerToken());

        assertThat(first.path("items").size()).isEqualTo(2);
        assertThat(second.path("items").size()).isEqualTo(1);
        assertThat(second.path("nextCursor").isNull()).isTrue();
        assertThat(foreign.status()).isEqualTo(400);
        assertThat(otherList.status()).isEqualTo(400);
        assertThat(http().get("/api/v1/api-keys", acme.ownerToken()).json().path("items").size())
                .isZero();
    }

    @Test
    void auditShowsTheTenantsOwnWritesWithActorAndRequest() {
        TestTenant acme = tenant("isolation");
        TestTenant globex = tenant("isolation");
        Answer made = http().post("/api/v1/api-keys", acme.ownerToken(), Map.of("name", "audited"));

        JsonNode rows = http().get("/api/v1/audit", acme.ownerToken()).json().path("items");

        JsonNode newest = rows.path(0);
        assertThat(newest.path("action").asString()).isEqualTo("api_key.created");
        assertThat(newest.path("actor").asString()).isEqualTo("user:" + acme.ownerEmail());
        assertThat(newest.path("requestId").asString()).isEqualTo(made.header("X-Request-Id"));
        assertThat(rows.toString())
                .doesNotContain(globex.slug(), made.json().path("secret").asString());
    }

    private void assertSame404(
            TestTenant as, String method, String path, String foreign, String unknown) {
        Answer forForeign =
                http().withBody(method, path + foreign, as.ownerToken(), Map.of("role", "OWNER"));
        Answer forUnknown =
                http().withBody(method, path + unknown, as.ownerToken(), Map.of("role", "OWNER"));

        assertThat(forForeign.status()).as(method + path).isEqualTo(404);
        assertThat(withoutId(forForeign)).isEqualTo(withoutId(forUnknown));
    }

    private static String withoutId(Answer answer) {
        return answer.status() + answer.text().replaceAll("\"requestId\":\"[^\"]*\"", "");
    }

    private List<String> projects() {
        return transactions.execute(
                status -> app.sql("SELECT slug FROM project").query(String.class).list());
    }
}
