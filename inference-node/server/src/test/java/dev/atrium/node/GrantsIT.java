package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.GrantCodec;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.Grants;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.node.GrantKey;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Only what a gateway was allowed to ask, and only once. */
class GrantsIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final String BODY =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static final String KEY =
            Base64.getUrlEncoder().withoutPadding().encodeToString("another".repeat(5).getBytes());
    private static PlacementOrder iris;

    @BeforeAll
    static void deploy() {
        iris = NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
    }

    @Test
    void refusesEveryGrantThatIsNotExactlyForThisCallInTheSameWords() {
        Grant good = grant();
        Instant now = Instant.now();
        String signed = NODE.registry().sign(good);
        String otherKey =
                Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[] {1, 2, 3});
        Grant longGone = Grants.between(good, now.minusSeconds(120), now.minusSeconds(31));
        Grant notYet = Grants.between(good, now.plusSeconds(40), now.plusSeconds(90));
        Grant forEver = Grants.between(good, now, now.plusSeconds(100_000));

        Set<String> bodies = new HashSet<>();
        for (String header :
                List.of(
                        "",
                        "no.grant.at-all",
                        GrantCodec.sign(good, "k1", otherKey),
                        GrantCodec.sign(good, "k2", otherKey),
                        signed.substring(0, signed.length() - 2) + "AA",
                        NODE.registry().sign(Grants.forNode(good, UUID.randomUUID())),
                        NODE.registry().sign(NODE.registry().grant(iris, Operation.CHAT)),
                        NODE.registry().sign(longGone),
                        NODE.registry().sign(notYet),
                        NODE.registry().sign(forEver))) {
            HttpResponse<String> response = send(good, header);
            assertThat(response.statusCode()).as(header).isEqualTo(401);
            bodies.add(response.body());
        }

        assertThat(bodies).hasSize(1);
        assertThat(send(good, signed).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAGrantOfAnotherVersion() {
        PlacementOrder other =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        Grant mine = grant();
        Grant theirs = NODE.registry().grant(other, Operation.INFER);

        HttpResponse<String> response = send(mine, NODE.registry().sign(theirs));

        assertThat(response.statusCode()).isEqualTo(401);
        NODE.registry().remove(other);
    }

    @Test
    void takesClocksThatAreALittleOff() {
        Instant now = Instant.now();
        Grant early = Grants.between(grant(), now.plusSeconds(20), now.plusSeconds(60));
        Grant late = Grants.between(grant(), now.minusSeconds(60), now.minusSeconds(20));

        assertThat(send(early, NODE.registry().sign(early)).statusCode()).isEqualTo(200);
        assertThat(send(late, NODE.registry().sign(late)).statusCode()).isEqualTo(200);
    }

    @Test
    void usesEachAttemptOnceHoweverManyComeAtTheSameTime() {
        Grant grant = grant();
        String signed = NODE.registry().sign(grant);

        List<CompletableFuture<HttpResponse<String>>> answers =
                IntStream.range(0, 16)
                        .mapToObj(i -> NODE.sendAsync(NodeProtocol.INFER, grant, signed, BODY))
                        .toList();

        assertThat(answers.stream().map(each -> each.join().statusCode()))
                .containsOnlyOnce(200)
                .filteredOn(status -> status != 200)
                .containsOnly(401)
                .hasSize(15);
        Grant again = Grants.attempt(grant, 2);
        assertThat(send(again, NODE.registry().sign(again)).statusCode()).isEqualTo(200);
    }

    /** The keys' clock is the registry's; a node adds a minute for clocks that differ. */
    @Test
    void takesTheOldKeyUntilItsOverlapIsOverAndTheNextOneBeforeItIsUsed() {
        NodeId node = NODE.registry().nodeId();
        Instant now = Instant.now();
        NODE.registry()
                .setMoreGrantKeys(
                        List.of(
                                new GrantKey(node, "next", KEY, now.plusSeconds(7_200)),
                                new GrantKey(node, "old", KEY, now.minusSeconds(30)),
                                new GrantKey(node, "over", KEY, now.minusSeconds(61))));
        await().until(() -> status("next") == 200);

        assertThat(status("old")).isEqualTo(200);
        assertThat(status("over")).isEqualTo(401);
        NODE.registry().setMoreGrantKeys(List.of());
        await().until(() -> status("next") == 401);
        assertThat(status("old")).as("not handed out any more").isEqualTo(401);
        Grant good = grant();
        assertThat(send(good, NODE.registry().sign(good)).statusCode()).isEqualTo(200);
    }

    private static int status(String keyId) {
        Grant grant = grant();
        return send(grant, GrantCodec.sign(grant, keyId, KEY)).statusCode();
    }

    private static Grant grant() {
        return NODE.registry().grant(iris, Operation.INFER);
    }

    private static HttpResponse<String> send(Grant grant, String header) {
        return NODE.send(
                NodeProtocol.INFER, grant, header, BODY, HttpResponse.BodyHandlers.ofString());
    }
}
