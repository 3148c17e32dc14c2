package dev.atrium.standalone.seed;

import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.standalone.client.ManagementApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** API keys of the demo's first tenant. */
public record DemoKey(Access access) {
    private static final Duration PROPAGATION = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String KEPT = "acme.api.key";

    /** A new key. */
    public String create() throws IOException {
        return create("made by ./atrium key at " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** The key of the example call: the one of former starts while it works, else a new one. */
    public String forExample() throws IOException {
        Optional<String> kept = access.secrets().find(KEPT);
        if (kept.isPresent() && access.calls(kept.get()).get("/v1/models").isOk()) {
            return kept.get();
        }
        String made = create("example call");
        access.secrets().keep(KEPT, made);
        return made;
    }

    private String create(String name) throws IOException {
        ManagementApi acme = access.developer(DemoTenant.ACME);
        String secret =
                acme.post(
                                "/api-keys",
                                new CreateApiKey(name, null, null, null, null, null),
                                CreatedApiKey.class)
                        .secret();
        awaitAccepted(secret);
        return secret;
    }

    /** A new key reaches the gateway a moment later; whoever gets it here may call at once. */
    private void awaitAccepted(String secret) {
        long until = System.nanoTime() + PROPAGATION.toNanos();
        try {
            while (!access.calls(secret).get("/v1/models").isOk() && System.nanoTime() < until) {
                Thread.sleep(PAUSE);
            }
        } catch (UncheckedIOException gatewayIsAway) {
            // The key is good all the same, for when the gateway is back.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
