package dev.atrium.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.webhook.CreatedWebhook;
import dev.atrium.registry.api.webhook.SetWebhook;
import dev.atrium.registry.api.webhook.Webhook;
import dev.atrium.registry.api.webhook.WebhookDelivery;
import dev.atrium.registry.api.webhook.WebhookEvent;
import dev.atrium.registry.machine.MachineCredentials;
import dev.atrium.registry.quota.TestThreshold;
import dev.atrium.registry.webhook.WebhookReceiver.Received;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

class WebhookIT extends RegistryTest {
    @Autowired private MachineCredentials credentials;

    private final WebhookReceiver receiver = new WebhookReceiver();
    private TestTenant acme;

    @BeforeEach
    void makeTenant() {
        acme = tenant("told");
    }

    @AfterEach
    void closeReceiver() {
        receiver.close();
    }

    @Test
    void tellsOfAThresholdOnceAndSignsWhatItSays() {
        String secret = set(receiver.url()).secret();

        PolicyId policy = reachThreshold();

        await().untilAsserted(() ->
                assertThat(deliveries())
                        .singleElement()
                        .matches(delivery -> delivery.deliveredAt() != null));
        Received told = receiver.received().getFirst();
        WebhookEvent<QuotaEvent> event =
                Answer.JSON.readValue(told.body(), new TypeReference<>() {});
        assertThat(receiver.received()).hasSize(1);
        assertThat(told.path()).isEqualTo("/told?of=quotas");
        assertThat(event.type()).isEqualTo("quota.threshold_reached");
        assertThat(event.tenantId()).isEqualTo(acme.id());
        assertThat(event.id()).isEqualTo(told.eventId());
        assertThat(event.data()).isEqualTo(events().getFirst());
        assertThat(event.data().policyId()).isEqualTo(policy);
        long at = Long.parseLong(told.signature().substring(2, told.signature().indexOf(',')));
        assertThat(told.signature())
                .isEqualTo(
                        Signature.of(
                                secret.getBytes(StandardCharsets.UTF_8),
                                Instant.ofEpochSecond(at),
                                told.body()));
    }

    @Test
    void tellsOfARequestForMoreAndOfItsDecision() {
        set(receiver.url());
        Map<String, Object> limit =
                Map.of("name", "a limit", "unit", "TOKENS", "window", "MONTH", "amount", 100);
        Policy policy =
                http().post("/api/v1/quota-policies", acme.ownerToken(), limit).as(Policy.class);
        Map<String, Object> wish =
                Map.of(
                        "policyId",
                        policy.id().value(),
                        "revision",
                        0,
                        "amount",
                        200,
                        "reason",
                        "evaluation");

        Answer asked = http().post("/api/v1/quota-requests", acme.ownerToken(), wish);
        String id = asked.json().path("id").asString();
        http().post(
                        "/api/v1/quota-requests/" + id + "/decision",
                        acme.ownerToken(),
                        Map.of("decision", "DENY", "note", "no"));

        await().untilAsserted(() -> assertThat(receiver.received()).hasSize(2));
        List<WebhookEvent<QuotaRequest>> events =
                receiver.received().stream()
                        .map(told ->
                                Answer.JSON.readValue(
                                        told.body(),
                                        new TypeReference<WebhookEvent<QuotaRequest>>() {}))
                        .toList();
        assertThat(events)
                .extracting(WebhookEvent::type)
                .containsExactlyInAnyOrder("quota.request_opened", "quota.request_decided");
        assertThat(events)
                .extracting(event -> event.data().state())
                .containsExactlyInAnyOrder(RequestState.OPEN, RequestState.DENIED);
    }

    @Test
    void triesAgainUntilItIsTakenAndFollowsNobodyElsewhere() {
        set(receiver.url());
        receiver.answer(500, 302, 404);

        reachThreshold();

        await().untilAsserted(() ->
                assertThat(deliveries())
                        .singleElement()
                        .matches(delivery -> delivery.deliveredAt() != null)
                        .extracting(WebhookDelivery::attempts)
                        .isEqualTo(4));
        assertThat(receiver.received()).extracting(Received::path).containsOnly("/told?of=quotas");
        assertThat(receiver.eventIds()).hasSize(4).containsOnly(receiver.eventIds().getFirst());
    }

    @Test
    void saysWhyAnEventIsNotDelivered() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            set("http://127.0.0.1:" + silent.getLocalPort() + "/");

            reachThreshold();

            await().untilAsserted(() ->
                    assertThat(deliveries())
                            .singleElement()
                            .extracting(WebhookDelivery::failure)
                            .isEqualTo("no answer in time"));
        }
        await().untilAsserted(() ->
                assertThat(deliveries())
                        .singleElement()
                        .extracting(WebhookDelivery::failure)
                        .asString()
                        .startsWith("no connection"));
        assertThat(http().delete("/api/v1/webhook", acme.ownerToken()).status()).isEqualTo(204);
        assertThat(deliveries()).isEmpty();
        assertThat(http().get("/api/v1/webhook", acme.ownerToken()).status()).isEqualTo(404);
    }

    @Test
    void waitsNoLongerForAReceiverThatAnswersByteByByte() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            set("http://127.0.0.1:" + slow.getLocalPort() + "/");
            Future<Long> served = threads.submit(() -> answerByteByByte(slow));

            reachThreshold();

            assertThat(served.get(30, TimeUnit.SECONDS)).isLessThan(20);
            await().untilAsserted(() ->
                    assertThat(deliveries())
                            .singleElement()
                            .extracting(WebhookDelivery::failure)
                            .isEqualTo("no connection, or no HTTP answer in time"));
        }
    }

    /**
     * @return seconds until the other side had enough
     */
    private static long answerByteByByte(ServerSocket slow) throws IOException {
        try (Socket connection = slow.accept()) {
            long begun = System.nanoTime();
            OutputStream out = connection.getOutputStream();
            try {
                out.write("HTTP/1.1 200 OK\r\nX-Long: ".getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    out.write('a');
                    LockSupport.parkNanos(300_000_000);
                }
            } catch (SocketException hadEnough) {
                return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
            }
        }
    }

    @Test
    void tellsNobodyWhoseCertificateIsNotTrusted(@TempDir Path folder) throws Exception {
        AtomicInteger told = new AtomicInteger();
        HttpsServer stranger = HttpsServer.create(loopback(), 5);
        stranger.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
        stranger.createContext("/", exchange -> told.incrementAndGet());
        stranger.start();
        try {
            set("https://localhost:" + stranger.getAddress().getPort() + "/");

            reachThreshold();

            await().untilAsserted(() ->
                    assertThat(deliveries())
                            .singleElement()
                            .extracting(WebhookDelivery::failure)
                            .isEqualTo("no trusted encryption"));
        } finally {
            stranger.stop(0);
        }
        assertThat(told).hasValue(0);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static SSLContext selfSigned(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process made =
                new ProcessBuilder(
                                keytool.toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                "changeit",
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .start();
        made.getInputStream().readAllBytes();
        assertThat(made.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://127.0.0.1/",
                "https://10.0.0.1/",
                "https://169.254.169.254/",
                "https://[::ffff:192.168.0.1]/",
                "https://user@127.0.0.1/",
                "https://no-such-host.invalid/"
            })
    void refusesAnAddressThatIsNotOfTheWorld(String url) {
        Answer refused = http().put("/api/v1/webhook", acme.ownerToken(), new SetWebhook(url));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("detail").asString()).startsWith("'url' ");
    }

    @Test
    void belongsToOwnersOfItsTenant() {
        TestTenant globex = tenant("told");
        addMember(acme.id(), "dev@" + acme.slug() + ".test", Role.DEVELOPER);
        String developer = tokenOf("dev@" + acme.slug() + ".test");
        CreatedWebhook made = set(receiver.url());
        reachThreshold();
        await().until(() -> deliveries().size() == 1);

        assertThat(http().get("/api/v1/webhook", acme.ownerToken()).as(Webhook.class))
                .isEqualTo(made.webhook());
        assertThat(http().get("/api/v1/webhook", acme.ownerToken()).text())
                .doesNotContain(made.secret());
        assertThat(http().get("/api/v1/webhook", developer).status()).isEqualTo(403);
        assertThat(http().get("/api/v1/webhook", globex.ownerToken()).status()).isEqualTo(404);
        assertThat(
                        http().get("/api/v1/webhook/deliveries", globex.ownerToken())
                                .json()
                                .path("items")
                                .size())
                .isZero();
        assertThat(http().get("/api/v1/audit", acme.ownerToken()).text())
                .contains("webhook.set")
                .doesNotContain(made.secret());
    }

    private CreatedWebhook set(String url) {
        Answer made = http().put("/api/v1/webhook", acme.ownerToken(), new SetWebhook(url));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return made.as(CreatedWebhook.class);
    }

    private PolicyId reachThreshold() {
        return TestThreshold.reach(http(), internalHttp(), credentials, acme);
    }

    private List<WebhookDelivery> deliveries() {
        JsonNode items =
                http().get("/api/v1/webhook/deliveries", acme.ownerToken()).json().path("items");
        return Arrays.asList(Answer.JSON.treeToValue(items, WebhookDelivery[].class));
    }

    private List<QuotaEvent> events() {
        JsonNode items =
                http().get("/api/v1/quota-policies/events", acme.ownerToken()).json().path("items");
        return Arrays.asList(Answer.JSON.treeToValue(items, QuotaEvent[].class));
    }
}
