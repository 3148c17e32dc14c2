package dev.atrium.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;

/**
 * One registry, two nodes and one gateway for all tests of this JVM that need nothing special; each
 * test makes a tenant of its own.
 */
public final class SharedGateway {
    public static final String ISSUER = "https://atrium.example";
    public static final FakeRegistry REGISTRY = new FakeRegistry();
    public static final FakeInferenceNode NODE_A = new FakeInferenceNode(REGISTRY);
    public static final FakeInferenceNode NODE_B = new FakeInferenceNode(REGISTRY);
    public static final TokenIssuer TOKENS = new TokenIssuer(ISSUER, "k1");
    public static final Platform PLATFORM = new Platform(REGISTRY);
    public static final RunningGateway GATEWAY = start();

    private SharedGateway() {}

    private static RunningGateway start() {
        REGISTRY.addSigningKey(TOKENS.key());
        return RunningGateway.startForAll(
                REGISTRY,
                "atrium.gateway.authentication.issuer=" + ISSUER,
                "atrium.gateway.authentication.jwks-min-interval=300ms",
                "atrium.gateway.web.trusted-proxies=127.0.0.0/8",
                "atrium.gateway.upstream.deadline=10s");
    }

    /**
     * For after a test: every call is settled, no lease is overspent, no event loop was blocked.
     */
    public static void assertNothingIsLeft() {
        NODE_A.script(Script.answer());
        NODE_B.script(Script.answer());
        await().until(() -> GATEWAY.bean(Journal.class).openCalls() == 0);
        assertThat(REGISTRY.quotas().broken()).isNull();
        assertThat(REGISTRY.duplicates()).isZero();
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }
}
