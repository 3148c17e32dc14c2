package dev.atrium.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.webhook.SetWebhook;
import dev.atrium.registry.machine.MachineCredentials;
import dev.atrium.registry.quota.QuotaThresholdReached;
import dev.atrium.registry.quota.TestGateway;
import dev.atrium.registry.tenancy.MemberService;
import dev.atrium.registry.tenancy.TenantService;
import dev.atrium.registry.webhook.WebhookReceiver;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Two registries started at once on an empty database, behind any balancer. */
class TwoRegistriesIT {
    private static final String EMAIL = "owner@two.test";
    private static RunningRegistry one;
    private static RunningRegistry other;
    private static Tenant tenant;

    @BeforeAll
    static void startBothAtOnce() {
        Map<String, String> settings = new LinkedHashMap<>(RegistryTest.settings());
        settings.put("ATRIUM_DB_URL", RegistryTest.emptyDatabase("two_registries"));
        List<RunningRegistry> started = RunningRegistry.two(settings);
        one = started.getFirst();
        other = started.getLast();
        tenant = one.bean(TenantService.class).create(new CreateTenant("two", "Two", null));
        one.bean(MemberService.class)
                .add(tenant.id(), new AddMember(EMAIL, "Two", Role.OWNER, TestTenant.PASSWORD));
    }

    @Test
    void tellAReceiverOfEachEventOnce() {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            String owner =
                    new SignInBrowser(one.http(), RegistryTest.PORTAL_URL)
                            .signIn(EMAIL, TestTenant.PASSWORD)
                            .json()
                            .path("access_token")
                            .asString();
            one.http().put("/api/v1/webhook", owner, new SetWebhook(receiver.url()));
            List<UUID> ids = Stream.generate(UUID::randomUUID).limit(100).toList();

            one.context()
                    .getBean("platformTransactions", TransactionTemplate.class)
                    .executeWithoutResult(status ->
                            ids.forEach(id ->
                                    one.context()
                                            .publishEvent(
                                                    new QuotaThresholdReached(
                                                            tenant.id(), event(id)))));

            await().until(() -> pending(one.http(), owner) == 0);
            assertThat(receiver.eventIds())
                    .containsExactlyInAnyOrderElementsOf(ids.stream().map(UUID::toString).toList());
        }
    }

    private static long pending(RegistryClient http, String owner) {
        return http.get("/api/v1/webhook/deliveries?limit=200", owner)
                .json()
                .path("items")
                .valueStream()
                .filter(delivery -> delivery.path("deliveredAt").isNull())
                .count();
    }

    private static QuotaEvent event(UUID id) {
        PolicyId policy = new PolicyId(UUID.randomUUID());
        return new QuotaEvent(id, policy, "p", Instant.now(), 80, 8, 10, Instant.now());
    }

    @AfterAll
    static void stop() {
        Stream.of(one, other).filter(it -> it != null).forEach(it -> it.context().close());
    }

    @Test
    void agreeOnKeysAndOnTheFirstAdmin() {
        JsonNode keys = one.http().get("/oauth2/jwks").json();

        assertThat(other.http().get("/oauth2/jwks").json()).isEqualTo(keys);
        assertThat(keys.path("keys").size()).isEqualTo(1);
        assertThat(one.http().get("/.well-known/openid-configuration").json())
                .isEqualTo(other.http().get("/.well-known/openid-configuration").json());
    }

    @Test
    void signInBegunAtOneGoesOnAtTheOther() {
        SignInBrowser atOne = new SignInBrowser(one.http(), RegistryTest.PORTAL_URL);
        atOne.authorize();
        Answer signedIn = atOne.login(EMAIL, TestTenant.PASSWORD);
        SignInBrowser atOther =
                new SignInBrowser(atOne.http().movedTo(other.base()), RegistryTest.PORTAL_URL);

        String code = atOther.code(atOther.follow(signedIn));
        JsonNode tokens = atOne.exchange(code).json();
        Answer refreshed = atOther.refresh(tokens.path("refresh_token").asString());
        Answer me = other.http().get("/api/v1/me", tokens.path("access_token").asString());

        assertThat(refreshed.status()).as(refreshed.text()).isEqualTo(200);
        assertThat(me.json().path("tenant").path("slug").asString()).isEqualTo("two");
    }

    @Test
    void guessesAreCountedTogether() {
        SignInBrowser atOne = new SignInBrowser(one.http(), RegistryTest.PORTAL_URL);
        SignInBrowser atOther = new SignInBrowser(other.http(), RegistryTest.PORTAL_URL);
        for (int i = 0; i < 3; i++) {
            assertThat(atOne.login("guessed@two.test", "x").status()).isEqualTo(401);
            assertThat(atOther.login("guessed@two.test", "x").status()).isEqualTo(401);
        }

        assertThat(atOne.login("guessed@two.test", "x").status()).isEqualTo(429);
        assertThat(atOther.login("guessed@two.test", "x").status()).isEqualTo(429);
    }

    @Test
    void changeAtOneWakesWhoWaitsAtTheOther() throws Exception {
        String gateway =
                one.bean(MachineCredentials.class).issue(MemberRole.GATEWAY, UUID.randomUUID());
        JsonNode position = other.internal().get("/internal/v1/feed?after=0", gateway).json();
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() ->
                        other.internal()
                                .get(
                                        "/internal/v1/feed?waitMillis=20000&epoch="
                                                + position.path("epoch").asString()
                                                + "&after="
                                                + position.path("revision").asLong(),
                                        gateway));

        one.bean(TenantService.class).create(new CreateTenant("awake", "Awake", null));

        assertThat(waiting.get(5, TimeUnit.SECONDS).text()).contains("\"awake\"");
    }

    @Test
    void recallAtOneReachesAGatewayThatAsksTheOther() {
        String token = tokenOf(EMAIL);
        PolicyId policy =
                one.http()
                        .post(
                                "/api/v1/quota-policies",
                                token,
                                Map.of(
                                        "name", "p", "unit", "TOKENS", "window", "MONTH", "amount",
                                        10))
                        .as(Policy.class)
                        .id();
        TestGateway rich = TestGateway.join(other.internal(), other.bean(MachineCredentials.class));
        TestGateway poor = TestGateway.join(one.internal(), one.bean(MachineCredentials.class));
        long position = rich.recalls(0, 0).sequence();
        LeaseState held = rich.ask(policy, 10, 10);
        CompletableFuture<LeaseState> givingBack =
                CompletableFuture.supplyAsync(() -> {
                    RecallPage page = rich.recalls(position, 20_000);
                    assertThat(page.recalls()).hasSize(1);
                    return rich.send(TestGateway.returning(held, 10));
                });

        LeaseState got = poor.ask(policy, 6, 6);

        assertThat(got.amount()).isEqualTo(6);
        assertThat(givingBack.join().leaseId()).isEqualTo(held.leaseId());
    }

    private static String tokenOf(String email) {
        SignInBrowser browser = new SignInBrowser(one.http(), RegistryTest.PORTAL_URL);
        return browser.signIn(email, TestTenant.PASSWORD).json().path("access_token").asString();
    }
}
