package dev.atrium.bench;

import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.feed.FeedApiKey;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.feed.FeedTenant;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * CPU seconds per 1,000 calls of the gateway and of a bare proxy on the same libraries, in turns
 * under the same load: a tensor call of about 900 bytes answered with about 300.
 */
final class GatewayCost {
    private static final int CALLERS = 32;
    private static final int ROUNDS = 3;
    private static final Duration READY = Duration.ofSeconds(90);

    private final ModelVersionId version = new ModelVersionId(UUID.randomUUID());
    private final String key = ApiKeyFormat.generate();
    private final List<Process> processes = new ArrayList<>();
    private final FakeRegistry registry = new FakeRegistry();
    private final Upstream upstream = new Upstream();

    public static void main(String[] arguments) throws Exception {
        Path gatewayJar = Path.of(arguments[0]);
        Duration warmUp = Duration.ofSeconds(Long.parseLong(arguments[1]));
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
        Path folder = Files.createTempDirectory("atrium-bench");
        GatewayCost cost = new GatewayCost();
        try {
            cost.run(gatewayJar, folder, warmUp, time);
        } finally {
            cost.stop(folder);
        }
        System.exit(0);
    }

    private void run(Path jar, Path folder, Duration warmUp, Duration time)
            throws IOException, InterruptedException {
        publishModel();
        Target gateway = startGateway(jar, folder);
        Target bare = startBareProxy(folder);
        byte[] body =
                ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,100],\"data\":["
                                + "0.12345,".repeat(99)
                                + "0.12345]}]}")
                        .getBytes(StandardCharsets.UTF_8);
        Load load = new Load(CALLERS, "/v2/models/bench/model/infer", key, body);
        // The bare proxy forwards the path, the upstream answers any.
        for (Target target : List.of(bare, gateway)) {
            load.run(target, warmUp);
        }
        List<Load.Result> bareResults = new ArrayList<>();
        List<Load.Result> gatewayResults = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            bareResults.add(load.run(bare, time));
            gatewayResults.add(load.run(gateway, time));
        }
        print(bare, bareResults, gateway, gatewayResults);
    }

    private static void print(
            Target bare,
            List<Load.Result> bareResults,
            Target gateway,
            List<Load.Result> gatewayResults) {
        Load.Result base = median(bareResults);
        Load.Result own = median(gatewayResults);
        System.out.println(
                "| process | CPU s per 1,000 calls | calls/s | p50 ms | p99 ms | failed |");
        System.out.println("|---|---|---|---|---|---|");
        row(bare.name(), base);
        row(gateway.name(), own);
        System.out.printf(
                Locale.ROOT,
                "ratio gateway / bare proxy: %.2f (median of %d rounds, %d callers)%n",
                own.cpuPerThousand() / base.cpuPerThousand(),
                ROUNDS,
                CALLERS);
    }

    private static void row(String name, Load.Result r) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.0f | %.2f | %.2f | %d of %d |%n",
                name,
                r.cpuPerThousand(),
                r.perSecond(),
                r.p50Millis(),
                r.p99Millis(),
                r.failures(),
                r.calls());
    }

    private static Load.Result median(List<Load.Result> results) {
        return results.stream()
                .sorted(Comparator.comparingDouble(Load.Result::cpuPerThousand))
                .toList()
                .get(results.size() / 2);
    }

    private void publishModel() {
        TenantId tenant = new TenantId(UUID.randomUUID());
        ApiKeyFormat.Parsed parsed = ApiKeyFormat.parse(key).orElseThrow();
        NodeId node = new NodeId(UUID.randomUUID());
        registry.grantKeyFor(node);
        PlacementId placement = new PlacementId(UUID.randomUUID());
        ModelId model = new ModelId(UUID.randomUUID());
        registry.put(FeedKind.TENANT, tenant.toString(), new FeedTenant(tenant, "bench", true));
        registry.put(
                FeedKind.API_KEY,
                parsed.keyId(),
                new FeedApiKey(
                        parsed.keyId(),
                        tenant,
                        new ProjectId(UUID.randomUUID()),
                        parsed.secretHash(),
                        List.of("inference:invoke"),
                        List.of(),
                        Integer.MAX_VALUE,
                        null));
        registry.put(
                FeedKind.MODEL,
                model.toString(),
                new FeedModel(
                        model,
                        tenant,
                        new ModelName("bench", "model"),
                        Task.TENSORS,
                        Visibility.PRIVATE,
                        List.of(),
                        Map.of("production", 1),
                        List.of(
                                new FeedVersion(
                                        version,
                                        1,
                                        Framework.ONNX,
                                        Signature.UNKNOWN,
                                        VersionSettings.DEFAULT)),
                        Instant.now()));
        registry.put(
                FeedKind.REPLICA,
                placement.toString(),
                new FeedReplica(placement, version, node, upstream.url()));
    }

    private Target startGateway(Path jar, Path folder) throws IOException, InterruptedException {
        int port = freePort();
        int management = freePort();
        ProcessBuilder builder =
                java(
                        folder,
                        "gateway",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        jar.toString());
        builder.environment().put("ATRIUM_GATEWAY_PORT", Integer.toString(port));
        builder.environment().put("ATRIUM_GATEWAY_MANAGEMENT_PORT", Integer.toString(management));
        builder.environment().put("ATRIUM_REGISTRY_INTERNAL_URL", registry.url().toString());
        builder.environment().put("ATRIUM_GATEWAY_JOIN_TOKEN", FakeRegistry.JOIN_TOKEN);
        builder.environment().put("ATRIUM_GATEWAY_DATA", folder.resolve("data").toString());
        Process process = start(builder);
        awaitReady("http://127.0.0.1:" + management + "/actuator/health/readiness");
        return new Target("Atrium gateway", "http://127.0.0.1:" + port, process.toHandle());
    }

    private Target startBareProxy(Path folder) throws IOException {
        int port = freePort();
        Process process =
                start(
                        java(
                                folder,
                                "proxy",
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BareProxy.class.getName(),
                                Integer.toString(port),
                                upstream.url()
                                        + NodeProtocol.path(
                                                "/node/v1/versions/{versionId}", version.value()),
                                key));
        return new Target(
                "bare reactor-netty proxy", "http://127.0.0.1:" + port, process.toHandle());
    }

    private static ProcessBuilder java(Path folder, String name, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static void awaitReady(String url) throws InterruptedException {
        long end = System.nanoTime() + READY.toNanos();
        while (System.nanoTime() < end) {
            if (answers(url)) {
                return;
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException("not ready within " + READY.toSeconds() + " s: " + url);
    }

    private static boolean answers(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void stop(Path folder) throws IOException, InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
