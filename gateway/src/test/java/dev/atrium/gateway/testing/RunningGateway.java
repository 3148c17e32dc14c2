package dev.atrium.gateway.testing;

import dev.atrium.gateway.GatewayApplication;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import reactor.blockhound.BlockHound;

/** A gateway on free ports, with BlockHound watching its event loops, and a client for it. */
public final class RunningGateway implements AutoCloseable {
    private static final List<String> BLOCKING_CALLS = new CopyOnWriteArrayList<>();

    static {
        BlockHound.install(builder ->
                // Netty's allocator waits for another thread while its arena grows: a moment, and
                // not ours.
                builder.allowBlockingCallsInside(
                                "io.netty.buffer.AdaptivePoolingAllocator", "allocate")
                        // Jackson's first look at a type, once in the life of a process.
                        .allowBlockingCallsInside(
                                "tools.jackson.databind.deser.DeserializerCache",
                                "_createAndCacheValueDeserializer")
                        .blockingMethodCallback(method -> {
                            BLOCKING_CALLS.add(
                                    method + " on " + Thread.currentThread().getName() + stack());
                            throw new IllegalStateException("blocking call: " + method);
                        }));
    }

    private static String stack() {
        return Arrays.stream(Thread.currentThread().getStackTrace())
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining());
    }

    private final ConfigurableApplicationContext context;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningGateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    public static RunningGateway start(FakeRegistry registry, Path data, String... properties) {
        RunningGateway gateway = startUnready(registry, data, properties);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(gateway::isReady);
        return gateway;
    }

    /** For all tests of this JVM, in a folder that goes with it. */
    public static RunningGateway startForAll(FakeRegistry registry, String... properties) {
        try {
            Path data = Files.createTempDirectory("atrium-gateway-it");
            RunningGateway gateway = start(registry, data, properties);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(data)));
            return gateway;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RunningGateway startUnready(
            FakeRegistry registry, Path data, String... properties) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("server.port", "0");
        all.put("management.server.port", "0");
        all.put("spring.main.banner-mode", "off");
        all.put("atrium.gateway.registry.urls", registry.url().toString());
        all.put("atrium.gateway.registry.join-token", FakeRegistry.JOIN_TOKEN);
        all.put("atrium.gateway.registry.name", "test");
        all.put("atrium.gateway.registry.heartbeat-interval", "200ms");
        all.put("atrium.gateway.registry.data-dir", data.toString());
        all.put("atrium.gateway.metering.journal-dir", data.resolve("journal").toString());
        all.put("atrium.gateway.metering.ship-interval", "20ms");
        all.put("atrium.gateway.refusal.ship-interval", "50ms");
        all.put("atrium.gateway.feed.poll-wait", "1s");
        all.put("atrium.gateway.web.drain-delay", "0s");
        // The machine that runs tests is busy with other things.
        all.put("atrium.gateway.admission.shed-loop-delay", "20s");
        for (String property : properties) {
            int equals = property.indexOf('=');
            all.put(property.substring(0, equals), property.substring(equals + 1));
        }
        return new RunningGateway(
                new SpringApplicationBuilder(GatewayApplication.class)
                        .run(
                                all.entrySet().stream()
                                        .map(each -> "--" + each.getKey() + "=" + each.getValue())
                                        .toArray(String[]::new)));
    }

    /** Blocking calls on event loops since this JVM began. */
    public static List<String> blockingCalls() {
        return BLOCKING_CALLS;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port("local.server.port"));
    }

    public int port() {
        return port("local.server.port");
    }

    public URI managementUrl() {
        return URI.create("http://127.0.0.1:" + port("local.management.port"));
    }

    private int port(String name) {
        return context.getEnvironment().getRequiredProperty(name, Integer.class);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public boolean isReady() {
        return get(managementUrl().resolve("/actuator/health/readiness"), null).statusCode() == 200;
    }

    public HttpResponse<String> get(String path, @Nullable String credential) {
        return get(URI.create(url() + path), credential);
    }

    public HttpResponse<String> get(URI uri, @Nullable String credential) {
        return send(request(uri, credential).GET().build());
    }

    public HttpResponse<String> post(String path, @Nullable String credential, String json) {
        return send(postRequest(path, credential, json));
    }

    public HttpRequest postRequest(String path, @Nullable String credential, String json) {
        return request(URI.create(url() + path), credential)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    /** A short call of a {@link Platform#customer}. */
    public HttpRequest embedding(KeyFixture key) {
        return postRequest("/v1/embeddings", key.text(), "{\"model\":\"words\",\"input\":\"a\"}");
    }

    /**
     * A chat of a {@link Platform#customer}.
     *
     * @param more fields of its body, each after a comma
     */
    public HttpRequest chat(KeyFixture key, String more) {
        return postRequest(
                "/v1/chat/completions",
                key.text(),
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                        + more
                        + "}");
    }

    public HttpRequest.Builder request(URI uri, @Nullable String credential) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
        return credential == null
                ? request
                : request.header("Authorization", "Bearer " + credential);
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    public HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        context.close();
    }
}
