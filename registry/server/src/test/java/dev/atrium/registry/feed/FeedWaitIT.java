package dev.atrium.registry.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.machine.MachineCredentials;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A waiting gateway learns of a change at once. */
class FeedWaitIT extends RegistryTest {
    @Autowired MachineCredentials credentials;
    private String gateway;

    @BeforeEach
    void join() {
        gateway = credentials.issue(MemberRole.GATEWAY, UUID.randomUUID());
    }

    @Test
    void revokedKeyReachesAWaitingGatewayWithinASecond() throws Exception {
        TestTenant acme = tenant("feed");
        JsonNode created =
                http().post("/api/v1/api-keys", acme.ownerToken(), Map.of("name", "ci")).json();
        String keyId = created.path("apiKey").path("id").asString();
        CompletableFuture<Answer> waiting = waitFor(latest());

        long began = System.nanoTime();
        http().delete("/api/v1/api-keys/" + keyId, acme.ownerToken());
        JsonNode page = waiting.get(10, TimeUnit.SECONDS).json();
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(took).isLessThan(Duration.ofSeconds(1));
        JsonNode entry = page.path("entries").path(0);
        assertThat(entry.path("kind").asString()).isEqualTo("API_KEY");
        assertThat(entry.path("id").asString()).isEqualTo(keyId);
        assertThat(entry.path("body").isNull()).isTrue();
    }

    @Test
    void lostNotificationCostsNoMoreThanThePoll() throws Exception {
        CompletableFuture<Answer> waiting = waitFor(latest());
        String id = UUID.randomUUID().toString();

        // What feed_publish does, without its NOTIFY.
        JdbcClient.create(ownerOf(databaseUrl()))
                .sql(
                        """
                        INSERT INTO feed_entry (kind, id, revision, body)
                        VALUES ('TENANT', ?, nextval('feed_revision'), '{}')
                        """)
                .param(id)
                .update();

        assertThat(waiting.get(5, TimeUnit.SECONDS).text()).contains(id);
    }

    @Test
    void listensAgainAfterItsConnectionWasCut() {
        JdbcClient superuser = JdbcClient.create(platformOf(databaseUrl()));
        superuser
                .sql(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE query = 'LISTEN atrium_feed' AND datname = current_database()
                        """)
                .query()
                .listOfRows();

        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        superuser
                                        .sql(
                                                """
                                                SELECT count(*) FROM pg_stat_activity
                                                WHERE query = 'LISTEN atrium_feed'
                                                  AND datname = current_database()
                                                """)
                                        .query(Long.class)
                                        .single()
                                == 1);
        JsonNode position = latest();
        TestTenant acme = tenant("feed");
        assertThat(waitFor(position).orTimeout(5, TimeUnit.SECONDS).join().text())
                .contains(acme.slug());
    }

    @Test
    void nothingNewIsAnsweredWhenTheTimeIsOver() {
        JsonNode position = latest();

        JsonNode page = ask(position, 300).json();

        assertThat(page.path("full").asBoolean()).isFalse();
        assertThat(page.path("more").asBoolean()).isFalse();
        assertThat(page.path("revision").asLong())
                .isGreaterThanOrEqualTo(position.path("revision").asLong());
    }

    private CompletableFuture<Answer> waitFor(JsonNode position) {
        return CompletableFuture.supplyAsync(() -> ask(position, 20_000));
    }

    private JsonNode latest() {
        JsonNode page = internalHttp().get("/internal/v1/feed?after=0", gateway).json();
        while (page.path("more").asBoolean()) {
            page = ask(page, 0).json();
        }
        return page;
    }

    private Answer ask(JsonNode position, int waitMillis) {
        return internalHttp()
                .get(
                        "/internal/v1/feed?epoch="
                                + position.path("epoch").asString()
                                + "&after="
                                + position.path("revision").asLong()
                                + "&waitMillis="
                                + waitMillis,
                        gateway);
    }
}
