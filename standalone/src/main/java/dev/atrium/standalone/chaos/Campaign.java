package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.demo.Samples;
import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.launcher.Console;
import dev.atrium.standalone.launcher.Launcher;
import dev.atrium.standalone.launcher.Shape;
import dev.atrium.standalone.launcher.StartFailedException;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.DemoTenant;
import dev.atrium.standalone.seed.Seed;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One campaign from an empty folder to a verdict.
 *
 * @param settings those of an installation that nobody else uses
 */
public record Campaign(Settings settings, Distribution distribution, PrintStream out) {
    private static final Shape SHAPE = new Shape(2, 2, 3, false, Duration.ofSeconds(5));

    /** The optimising compiler does not pay in processes that soon die. */
    private static final Map<String, String> SHORT_LIVES =
            Map.of(
                    "ATRIUM_GATEWAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1",
                    "ATRIUM_NODE_JAVA_OPTS", "-XX:TieredStopAtLevel=1");

    private static final ModelName CHAT = new ModelName("atrium", "tiny-chat");
    private static final ModelName IRIS = new ModelName(DemoTenant.ACME.slug(), "chaos-iris");
    private static final Duration LOADING = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    static final int NO_LIMIT = 1_000_000;
    private static final List<Integer> RACES = List.of(1, 7, 100);

    /**
     * @param kills how many processes die
     * @param lost how many of them are gateways that never return
     * @param seed chooses victims and moments
     */
    public Verdict run(int kills, int lost, long seed)
            throws IOException, StartFailedException, InterruptedException {
        Console console = new Console(out);
        Map<String, String> variables = new HashMap<>(SHORT_LIVES);
        variables.putAll(lost > 0 ? Losses.SOON : Map.of());
        Launcher launcher = new Launcher(settings.with(variables), distribution, console, SHAPE);
        Thread stop = new Thread(launcher::stop, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            launcher.start();
            Access access = new Access(settings, Secrets.in(settings.data()));
            new Seed(access, console::say).complete();
            CreatedApiKey key = prepare(access);
            return play(launcher, access, key, kills, lost, seed);
        } finally {
            launcher.stop();
        }
    }

    private Verdict play(
            Launcher launcher, Access access, CreatedApiKey key, int kills, int lost, long seed)
            throws IOException, InterruptedException {
        List<String> addresses = launcher.addresses(ServiceName.GATEWAY);
        Quotas quotas = Quotas.of(access.operator(), DemoTenant.ACME.slug());
        long overspent = race(access, quotas, addresses);
        Policy watched = quotas.create("chaos", key.apiKey().id(), Unit.REQUESTS, NO_LIMIT);
        await(
                "key and quota at every gateway",
                LOADING,
                () -> QuotaRace.known(addresses, key, watched));
        List<GatewayCalls> gateways =
                addresses.stream().map(address -> new GatewayCalls(address, key.secret())).toList();
        KeyedLoad keyed = new KeyedLoad(addresses, newKey(access, "keyed"), IRIS, seed);
        await("the other key at every gateway", LOADING, keyed::isKnown);
        Instant begin = Instant.now().minusSeconds(1);
        Load load = new Load(gateways, IRIS, CHAT, seed);
        Losses losses = new Losses(access, launcher, addresses, IRIS, out);
        Killer killer = new Killer(settings.data(), seed, losses, out);
        long refusedLate;
        try (load;
                keyed) {
            load.start();
            keyed.start();
            Thread.sleep(WARM_UP);
            refusedLate = new Revocations(access, addresses, out).late();
            killer.kill(kills, lost);
            killer.awaitAllReady();
            Thread.sleep(WARM_UP);
        }
        out.println(load.report());
        out.println(keyed.report());
        long over = System.nanoTime();
        overspent += losses.overspent();
        Set<String> answered = all(load.answered(), keyed.answered(), losses.answered());
        return new Verification(
                        access, begin, over, answered, keyed, watched, overspent, refusedLate, out)
                .verify(kills, lost, seed);
    }

    @SafeVarargs
    private static Set<String> all(Set<String>... ids) {
        return Stream.of(ids).flatMap(Set::stream).collect(Collectors.toSet());
    }

    /**
     * @return how many units the races were off in all
     */
    private long race(Access access, Quotas quotas, List<String> gateways)
            throws IOException, InterruptedException {
        QuotaRace race =
                new QuotaRace(access.developer(DemoTenant.ACME), quotas, gateways, IRIS, out);
        long overspent = 0;
        for (int amount : RACES) {
            overspent += race.run(amount);
        }
        return overspent;
    }

    /** Two replicas of each model that is called, and a key that no limit of its own stops. */
    private static CreatedApiKey prepare(Access access) throws IOException, InterruptedException {
        ManagementApi acme = access.developer(DemoTenant.ACME);
        ModelVersion iris = acme.upload(IRIS, "model.onnx", Samples.file("iris.onnx"));
        replicate(acme, IRIS, iris.number());
        replicate(access.operator(), CHAT, 1);
        return newKey(access, "chaos");
    }

    private static CreatedApiKey newKey(Access access, String name) throws IOException {
        return access.developer(DemoTenant.ACME)
                .post(
                        "/api-keys",
                        new CreateApiKey(name, null, null, null, NO_LIMIT, null),
                        CreatedApiKey.class);
    }

    private static void replicate(ManagementApi owner, ModelName model, int version)
            throws InterruptedException {
        String path = "/models/" + model + "/versions/" + version + "/deployment";
        owner.put(path, Deploy.replicas(SHAPE.nodes()), Deployment.class);
        await(
                "every replica of " + model,
                LOADING,
                () -> owner.get(path, Deployment.class).ready() == SHAPE.nodes());
    }

    static void await(String what, Duration limit, BooleanSupplier isSo)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(what + ": not within " + limit.toSeconds() + " s");
            }
            Thread.sleep(200);
        }
    }
}
