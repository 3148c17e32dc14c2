package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.quota.PolicyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The requests per minute of a key, shared by leases of a policy that nobody sees. */
class OwnRateIT extends QuotaTest {
    private final PolicyId policy = new PolicyId(UUID.randomUUID());
    private TestTenant acme;

    @BeforeEach
    void makeTenant() {
        acme = tenant("own-rate");
        await().until(leadership::isLeader);
    }

    @Test
    void handsOutExactlyThePlacesUnder64AsksAtOnceOfAKeyThatIsNewToIt() throws Exception {
        List<TestGateway> gateways = List.of(gateway(), gateway(), gateway());

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LeaseState>> asking = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                TestGateway gateway = gateways.get(i % 3);
                asking.add(threads.submit(() -> gateway.send(wish(95, 5))));
            }
            for (Future<LeaseState> ask : asking) {
                assertThat(ask.get().limit()).isEqualTo(95);
            }
        }

        assertThat(figures(policy)).isEqualTo(new Figures(0, 95, 0, 0));
        assertSumsAgree(policy);
    }

    @Test
    void isNoPolicyThatAnybodySeesOrChanges() {
        gateway().send(wish(57, 57));

        String path = "/api/v1/quota-policies/" + policy;
        assertThat(http().get(path, acme.ownerToken()).status()).isEqualTo(404);
        assertThat(
                        http().put(path, acme.ownerToken(), Map.of("revision", 0, "amount", 1_000))
                                .status())
                .isEqualTo(404);
        for (String list : List.of("", "/status")) {
            Answer answer = http().get("/api/v1/quota-policies" + list, acme.ownerToken());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).doesNotContain(policy.toString());
        }
        assertThat(
                        http().get("/api/v1/admin/quota-policies/status?limit=200", operatorToken())
                                .text())
                .doesNotContain(policy.toString());
    }

    @Test
    void followsAnotherLimit() {
        TestGateway gateway = gateway();
        gateway.send(wish(57, 1));

        LeaseState more = gateway.send(wish(95, 1));

        assertThat(more.limit()).isEqualTo(95);
        assertThat(more.reserved()).isBetween(2L, 3L);
    }

    @Test
    void refusesPlacesThatAreNone() {
        TestGateway gateway = gateway();

        Answer answer =
                internalHttp()
                        .post(
                                "/internal/v1/leases",
                                gateway.credential(),
                                new LeaseRequest(
                                        gateway.incarnation(), false, List.of(wish(0, 1))));

        assertThat(answer.status()).isEqualTo(400);
    }

    private LeaseWish wish(long places, long want) {
        OwnRate rate = new OwnRate(acme.id(), "key", places);
        return new LeaseWish(policy, null, null, 0, want, 0, 0, rate);
    }
}
