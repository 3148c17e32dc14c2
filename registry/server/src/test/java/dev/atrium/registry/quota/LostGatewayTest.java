package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Gateways that are not heard of, and one node that has told of everything. */
abstract class LostGatewayTest extends QuotaTest {
    static final long GIGABYTE = 1L << 30;

    TestTenant acme;
    TestNode node;

    @BeforeEach
    void makeTenant() {
        acme = tenant("lost");
        platform.sql("UPDATE node SET alive = false, last_seen_at = now() - interval '1 day'")
                .update();
        node = TestNode.join(http(), internalHttp(), operatorToken(), GIGABYTE);
        tellEverything();
        await().until(leadership::isLeader);
    }

    OpenCall call(LeaseState held, long reserved) {
        return open(acme.id(), Instant.now(), List.of(charge(held, reserved, 0)));
    }

    static OpenCall charging(OpenCall call, LeaseState held, long reserved, long charged) {
        return call.reserving(List.of(charge(held, reserved, charged)), null);
    }

    void tell(NodeUsageRecord... accounts) {
        Answer answer =
                internalHttp()
                        .post(
                                "/internal/v1/nodes/usage",
                                node.credential(),
                                new ShipNodeUsage(List.of(accounts)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    void tellEverything() {
        node.shippedThrough(Instant.now()).beat();
    }

    /** As if its leases had run out when it was last heard of; the leader's job does the rest. */
    void silenceSince(TestGateway gateway) {
        platform.sql(
                        """
                        UPDATE quota_lease SET expires_at = now() - interval '1 day'
                        WHERE gateway_id = ?
                        """)
                .param(gateway.id())
                .update();
    }

    void lose(TestGateway gateway) {
        lose(gateway, "1 day");
    }

    void lose(TestGateway gateway, String ago) {
        platform.sql("INSERT INTO gateway (id, name) VALUES (?, ?)")
                .params(gateway.id(), "gateway-" + gateway.id())
                .update();
        seen(gateway, ago);
        tellEverything();
    }

    void seen(TestGateway gateway, String ago) {
        platform.sql("UPDATE gateway SET last_seen_at = now() - ?::interval WHERE id = ?")
                .params(ago, gateway.id())
                .update();
    }
}
