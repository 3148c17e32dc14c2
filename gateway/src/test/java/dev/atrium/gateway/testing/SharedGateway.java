package dev.atrium.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

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
        try {
            Path data = Files.createTempDirectory("atrium-gateway-it");
            RunningGateway gateway =
                    RunningGateway.start(
                            REGISTRY,
                            data,
                            "atrium.gateway.authentication.issuer=" + ISSUER,
                            "atrium.gateway.authentication.jwks-min-interval=300ms",
                            "atrium.gateway.web.trusted-proxies=127.0.0.0/8",
                            "atrium.gateway.upstream.deadline=10s");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(data)));
            return gateway;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static void delete(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
