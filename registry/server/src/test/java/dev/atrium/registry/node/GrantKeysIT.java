package dev.atrium.registry.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.api.node.GatewayHeartbeat;
import dev.atrium.registry.api.node.GatewayHeartbeatReply;
import dev.atrium.registry.api.node.GrantKey;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.NodeHeartbeat;
import dev.atrium.registry.api.node.NodeHeartbeatReply;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.secret.MasterKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** When the keys of grants change, and who knows which. */
class GrantKeysIT extends RegistryTest {
    private static final Instant CHANGE = Instant.parse("2026-11-22T12:00:00Z");

    @Autowired MasterKey masterKey;
    @Autowired GrantKeys running;

    private final NodeId node = new NodeId(UUID.randomUUID());
    private final MutableClock clock = new MutableClock(CHANGE.minusSeconds(1));

    @Test
    void gatewaysSignWithAnotherKeyEveryTwelveHours() {
        GrantKeys keys = new GrantKeys(masterKey, clock);

        GrantKey before = keys.current(node);
        clock.advance(Duration.ofSeconds(1));
        GrantKey after = keys.current(node);
        clock.advance(Duration.ofHours(12).minusSeconds(1));

        assertThat(after.keyId()).isNotEqualTo(before.keyId());
        assertThat(after.key()).isNotEqualTo(before.key());
        assertThat(keys.current(node)).isEqualTo(after);
        assertThat(keys.current(new NodeId(UUID.randomUUID())).key()).isNotEqualTo(after.key());
    }

    @Test
    void nodesKnowTheNextKeyBeforeItSignsAndTheLastOneAsLongAsItMay() {
        GrantKeys keys = new GrantKeys(masterKey, clock);
        List<GrantKey> before = keys.accepted(node);
        GrantKey old = keys.current(node);
        clock.advance(Duration.ofSeconds(2));
        GrantKey fresh = keys.current(node);
        List<GrantKey> after = keys.accepted(node);
        clock.advance(Duration.ofHours(12));

        assertThat(before).contains(old, fresh);
        assertThat(after).contains(old, fresh);
        assertThat(keys.accepted(node)).contains(fresh).doesNotContain(old);
    }

    /** Until its next heartbeat a gateway has only the old key, when cut off even longer. */
    @Test
    void theOldKeyIsGoodForSomeMinutesAfterTheChange() {
        GrantKey old = new GrantKeys(masterKey, clock).current(node);

        assertThat(old.notAfter()).isEqualTo(CHANGE.plus(Duration.ofMinutes(5)));
    }

    @Test
    void heartbeatsHandTheSameKeyToTheGatewayAndItsNode() {
        TestNode living = TestNode.join(http(), internalHttp(), operatorToken(), 1 << 30);
        List<GrantKey> ofNode = beat(living).grantKeys();

        GrantKey ofGateway =
                gatewayBeat().grantKeys().stream()
                        .filter(key -> key.nodeId().equals(living.id()))
                        .findFirst()
                        .orElseThrow();

        assertThat(ofNode).hasSize(3).contains(ofGateway);
        assertThat(ofNode).isEqualTo(running.accepted(living.id()));
    }

    private NodeHeartbeatReply beat(TestNode living) {
        Answer answer =
                internalHttp()
                        .post(
                                "/internal/v1/nodes/heartbeat",
                                living.credential(),
                                new NodeHeartbeat(
                                        living.url(),
                                        new NodeCapacity(1, 1 << 30, "none", null),
                                        0,
                                        0,
                                        List.of(),
                                        Instant.EPOCH,
                                        null));
        return answer.as(NodeHeartbeatReply.class);
    }

    private GatewayHeartbeatReply gatewayBeat() {
        String credential = TestNode.joinGateway(http(), internalHttp(), operatorToken());
        return internalHttp()
                .post(
                        "/internal/v1/gateways/heartbeat",
                        credential,
                        new GatewayHeartbeat(0, 0, 0, null))
                .as(GatewayHeartbeatReply.class);
    }
}
