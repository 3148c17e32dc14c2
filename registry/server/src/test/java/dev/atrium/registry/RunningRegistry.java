package dev.atrium.registry;

import dev.atrium.registry.web.InternalConnector;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** A registry beside the one of {@link RegistryTest}, on free ports. */
public record RunningRegistry(ServletWebServerApplicationContext context) {
    /** Two that come up at once, as on a fresh database they may. */
    public static List<RunningRegistry> two(Map<String, String> settings) {
        List<CompletableFuture<RunningRegistry>> both =
                Stream.of(1, 2)
                        .map(number -> CompletableFuture.supplyAsync(() -> run(settings)))
                        .toList();
        return both.stream().map(CompletableFuture::join).toList();
    }

    private static RunningRegistry run(Map<String, String> settings) {
        String[] arguments =
                Stream.concat(
                                settings.entrySet().stream()
                                        .map(setting ->
                                                "--" + setting.getKey() + "=" + setting.getValue()),
                                Stream.of("--server.port=0"))
                        .toArray(String[]::new);
        return new RunningRegistry(
                (ServletWebServerApplicationContext)
                        new SpringApplicationBuilder(RegistryApplication.class).run(arguments));
    }

    public RegistryClient http() {
        return new RegistryClient(base());
    }

    public String base() {
        return "http://127.0.0.1:" + context.getWebServer().getPort();
    }

    public RegistryClient internal() {
        int port = context.getBean(InternalConnector.class).port();
        return new RegistryClient("http://127.0.0.1:" + port);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }
}
