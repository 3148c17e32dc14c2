package dev.atrium.standalone.demo;

import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The story from the first upload to a ledger that survives kill -9. */
public final class DemoStory {
    private static final Duration LOADING = Duration.ofSeconds(120);
    private static final Duration REVOCATION = Duration.ofSeconds(1);
    private static final double CLEARLY_CLOSER = 0.2;
    private static final int BUSY_KEY_LIMIT = 1_000_000;

    private final Stage stage;
    private final Narrator narrator;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final List<Runnable> cleaning = new ArrayList<>();

    public DemoStory(Stage stage, PrintStream out) {
        this.stage = stage;
        this.narrator = new Narrator(out);
    }

    /**
     * @throws SurpriseException at the first thing that is not as promised
     */
    public void play() {
        long start = System.nanoTime();
        String token = stage.tokenOf(stage.acme());
        ManagementApi acme = stage.managementOf(token);
        try {
            CreatedApiKey key = newKey(acme, "demo " + run);
            ModelName iris = upload(acme, "iris-" + run, "iris.onnx");
            ModelName average = upload(acme, "average-" + run, "moving-average.pt");
            answersRight(key, token, iris, average);
            embeds(stage.callsWith(key.secret()));
            chats(acme, stage.callsWith(key.secret()));
            staysPrivate(iris);
            revokes(acme, iris);
            survivesAKill(acme, iris);
        } finally {
            cleaning.reversed().forEach(Runnable::run);
        }
        narrator.chapter(
                "The story held, in %d s.".formatted((System.nanoTime() - start) / 1_000_000_000));
    }

    private CreatedApiKey newKey(ManagementApi acme, String name) {
        CreatedApiKey key =
                acme.post(
                        "/api-keys",
                        new CreateApiKey(name, null, null, null, BUSY_KEY_LIMIT, null),
                        CreatedApiKey.class);
        cleaning.add(() -> acme.delete("/api-keys/" + key.apiKey().id()));
        return key;
    }

    private ModelName upload(ManagementApi acme, String name, String file) {
        if (cleaning.size() == 1) {
            narrator.chapter("Acme uploads two models.");
        }
        ModelName model = new ModelName(stage.acme().tenant(), name);
        byte[] content = Samples.file(file);
        ModelVersion version = acme.upload(model, extensionName(file), content);
        String deployment = "/models/" + model + "/versions/" + version.number() + "/deployment";
        cleaning.add(() -> acme.delete(deployment));
        Duration loading =
                Narrator.await(
                        model + " READY on a node", LOADING, () -> isReady(acme, deployment));
        narrator.holds(
                "%s: %s, %d bytes, READY after %.1f s",
                model,
                String.valueOf(version.framework()),
                version.bytes(),
                loading.toMillis() / 1e3);
        return model;
    }

    private static String extensionName(String file) {
        return "model" + file.substring(file.lastIndexOf('.'));
    }

    private static boolean isReady(ManagementApi acme, String path) {
        Deployment deployment = acme.get(path, Deployment.class);
        deployment.placements().stream()
                .filter(replica -> replica.state() == ReplicaState.FAILED)
                .findFirst()
                .ifPresent(replica -> {
                    throw new SurpriseException(
                            "a READY replica", String.valueOf(replica.reason()));
                });
        return deployment.ready() > 0;
    }

    private void answersRight(CreatedApiKey key, String token, ModelName iris, ModelName average) {
        narrator.chapter("Both are called, with an API key and with an OAuth token.");
        for (String credential : List.of(key.secret(), token)) {
            String kind = credential.equals(token) ? "OAuth token" : "API key";
            GatewayCalls calls = stage.callsWith(credential);
            awaitRouted(calls, iris);
            awaitRouted(calls, average);
            narrator.holds("%s by %s: %s", iris, kind, inferred(calls, iris, "iris.onnx"));
            narrator.holds(
                    "%s by %s: %s", average, kind, inferred(calls, average, "moving-average.pt"));
        }
    }

    private static void awaitRouted(GatewayCalls calls, ModelName model) {
        Narrator.await(
                "the gateway ready to route to " + model,
                Duration.ofSeconds(5),
                () -> calls.get("/v2/models/" + model + "/ready").isOk());
    }

    private static String inferred(GatewayCalls calls, ModelName model, String file) {
        GatewayCalls.Answer answer = calls.infer(model.toString(), Samples.inputs(file));
        Narrator.expect(answer.isOk(), "200 from " + model, answer);
        double difference = Samples.difference(file, answer.json());
        Narrator.expect(Samples.isClose(difference), "the reference's numbers", answer.body());
        return "as the reference, largest difference %.0e".formatted(difference);
    }

    private void embeds(GatewayCalls calls) {
        narrator.chapter("Sentences become vectors.");
        List<String> sentences =
                List.of(
                        "A cat sleeps on the sofa.",
                        "A kitten naps on the couch.",
                        "The central bank raised its rates.");
        GatewayCalls.Answer answer = calls.embeddings("atrium/minilm", sentences);
        Narrator.expect(answer.isOk(), "200 from atrium/minilm", answer);
        JsonNode rows = answer.json().get("data");
        double similar = cosine(rows.get(0).get("embedding"), rows.get(1).get("embedding"));
        double different = cosine(rows.get(0).get("embedding"), rows.get(2).get("embedding"));
        Narrator.expect(
                similar > different + CLEARLY_CLOSER,
                "similar sentences clearly closer than different ones",
                similar + " and " + different);
        narrator.holds(
                "cosine of similar sentences %.2f, of different ones %.2f", similar, different);
    }

    private static double cosine(JsonNode a, JsonNode b) {
        double dot = 0;
        double lengthA = 0;
        double lengthB = 0;
        for (int i = 0; i < a.size(); i++) {
            dot += a.get(i).asDouble() * b.get(i).asDouble();
            lengthA += a.get(i).asDouble() * a.get(i).asDouble();
            lengthB += b.get(i).asDouble() * b.get(i).asDouble();
        }
        return dot / Math.sqrt(lengthA * lengthB);
    }

    private void chats(ManagementApi acme, GatewayCalls calls) {
        narrator.chapter("A very small language model talks.");
        GatewayCalls.Stream whole = calls.chatStream("atrium/tiny-chat", "Tell me a story", 10_000);
        Narrator.expect(
                whole.ended() && whole.pieces().size() > 20, "a whole streamed story", whole);
        narrator.holds(
                "streamed a story in %d pieces: %.60s…", whole.pieces().size(), whole.text());

        int half = whole.pieces().size() / 2;
        GatewayCalls.Stream cut = calls.chatStream("atrium/tiny-chat", "Tell me a story", half);
        Narrator.expect(!cut.ended() && whole.text().startsWith(cut.text()), "half a story", cut);
        Instant from = Instant.now().minusSeconds(60);
        Narrator.await(
                "the cut-off call in the ledger",
                Duration.ofSeconds(10),
                () -> billed(acme, from, cut.callId()).isPresent());
        UsageRecord record = billed(acme, from, cut.callId()).orElseThrow();
        Narrator.expect(
                record.outputTokens() >= half / 2,
                "the tokens that were produced before the cancel",
                record);
        narrator.holds(
                "cancelled after %d pieces: in the ledger as %s with %d tokens",
                half, record.outcome(), record.outputTokens());
    }

    private static Optional<UsageRecord> billed(ManagementApi acme, Instant from, String callId) {
        return acme.all("/usage/records?from=" + from, UsageRecord.class).stream()
                .filter(record -> record.callId().toString().equals(callId))
                .findFirst();
    }

    private void staysPrivate(ModelName iris) {
        narrator.chapter("Globex looks for acme's model.");
        GatewayCalls globex = stage.callsWith(stage.tokenOf(stage.globex()));
        ModelName absent = new ModelName(iris.tenant(), "no-such-model");
        GatewayCalls.Answer foreign = globex.infer(iris.toString(), Samples.inputs("iris.onnx"));
        GatewayCalls.Answer missing = globex.infer(absent.toString(), Samples.inputs("iris.onnx"));
        Narrator.expect(foreign.status() == 404, "404", foreign);
        Narrator.expect(
                foreign.body()
                        .replace(iris.name(), "")
                        .equals(missing.body().replace(absent.name(), "")),
                "the same answer as for a model that does not exist",
                foreign.body() + " and " + missing.body());
        narrator.holds("404, word for word as for a model that does not exist");
    }

    private void revokes(ManagementApi acme, ModelName iris) {
        narrator.chapter("A key is revoked.");
        CreatedApiKey key =
                acme.post(
                        "/api-keys",
                        new CreateApiKey("revoked " + run, null, null, null, BUSY_KEY_LIMIT, null),
                        CreatedApiKey.class);
        GatewayCalls calls = stage.callsWith(key.secret());
        String ready = "/v2/models/" + iris + "/ready";
        Narrator.await(
                "the new key accepted", Duration.ofSeconds(5), () -> calls.get(ready).isOk());
        acme.delete("/api-keys/" + key.apiKey().id());
        Duration took =
                Narrator.await(
                        "401 for the revoked key",
                        REVOCATION,
                        () -> calls.get(ready).status() == 401);
        narrator.holds("refused %d ms after the revocation was answered", took.toMillis());
    }

    private void survivesAKill(ManagementApi acme, ModelName iris) {
        narrator.chapter("The gateway is killed with -9 in the middle of calls.");
        CreatedApiKey key = newKey(acme, "killed " + run);
        GatewayCalls calls = stage.callsWith(key.secret());
        awaitRouted(calls, iris);
        KilledGateway.Count count =
                new KilledGateway().play(stage, acme, key.apiKey().id(), calls, iris.toString());
        narrator.holds(
                "%d calls answered, %d in the ledger: each answered one once, and %d of the %d whose"
                        + " connection broke or that were refused;"
                        + " the node's own account agrees on each of its %d calls",
                count.answered(),
                count.ledger(),
                count.interrupted(),
                count.broken() + count.refused(),
                count.computed());
    }
}
