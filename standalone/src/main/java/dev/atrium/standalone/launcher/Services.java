package dev.atrium.standalone.launcher;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Describes the processes of one installation.
 *
 * <p>Each gets the secrets it needs and no others. The join tokens are new at each start and good
 * for one use; a process that joined before does not need its token. The first process of a service
 * listens where the settings say, every further one on a free port.
 */
final class Services {
    private static final String READINESS = "/actuator/health/readiness";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int TOKEN_BYTES = 24;

    private final Settings settings;
    private final Distribution distribution;
    private final Secrets secrets;
    private final Shape shape;
    private final List<String> gatewayTokens;
    private final List<String> nodeTokens;
    private final List<Integer> internalPorts = new ArrayList<>();
    private final Set<Integer> given = new HashSet<>();

    Services(Settings settings, Distribution distribution, Secrets secrets, Shape shape) {
        this.settings = settings;
        this.distribution = distribution;
        this.secrets = secrets;
        this.shape = shape;
        this.gatewayTokens = tokens(shape.gateways());
        this.nodeTokens = tokens(shape.nodes());
    }

    private static List<String> tokens(int count) {
        return Stream.generate(Services::token).limit(count).toList();
    }

    List<Service> inOrder() throws IOException {
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < shape.registries(); i++) {
            internalPorts.add(port(Port.REGISTRY_INTERNAL, i));
        }
        for (int i = 0; i < shape.registries(); i++) {
            services.add(registry(i));
        }
        for (int i = 0; i < shape.nodes(); i++) {
            services.add(node(i));
        }
        for (int i = 0; i < shape.gateways(); i++) {
            services.add(gateway(i));
        }
        if (shape.hasPortal()) {
            services.add(portal());
        }
        return services;
    }

    private Service registry(int index) throws IOException {
        int port = port(Port.REGISTRY, index);
        int internalPort = internalPorts.get(index);
        return service(
                ServiceName.REGISTRY,
                index,
                port,
                index == 0 ? settings.publicUrl() : loopback(port),
                loopback(internalPort),
                Set.of(),
                Map.ofEntries(
                        Map.entry("ATRIUM_REGISTRY_PORT", Integer.toString(port)),
                        Map.entry("ATRIUM_REGISTRY_INTERNAL_PORT", Integer.toString(internalPort)),
                        Map.entry("ATRIUM_REGISTRY_INTERNAL_ADDRESS", LOOPBACK),
                        Map.entry("ATRIUM_DB_URL", databaseUrl()),
                        secret("ATRIUM_DB_OWNER_PASSWORD", Secrets.OWNER_PASSWORD),
                        secret("ATRIUM_DB_APP_PASSWORD", Secrets.APP_PASSWORD),
                        secret("ATRIUM_DB_PLATFORM_PASSWORD", Secrets.PLATFORM_PASSWORD),
                        Map.entry("ATRIUM_MASTER_KEY", secrets.key(Secrets.MASTER_KEY)),
                        secret("ATRIUM_ADMIN_PASSWORD", Secrets.ADMIN_PASSWORD),
                        secret("ATRIUM_PORTAL_CLIENT_SECRET", Secrets.PORTAL_CLIENT_SECRET),
                        secret("ATRIUM_OPERATOR_CLIENT_SECRET", Secrets.OPERATOR_CLIENT_SECRET),
                        Map.entry("ATRIUM_STORE_DIR", settings.data().store().toString()),
                        Map.entry("ATRIUM_JOIN_TOKENS", joinTokens())));
    }

    private String joinTokens() {
        return Stream.concat(
                        gatewayTokens.stream().map(token -> "GATEWAY:" + token),
                        nodeTokens.stream().map(token -> "NODE:" + token))
                .collect(Collectors.joining(","));
    }

    private Service node(int index) throws IOException {
        int port = port(Port.NODE, index);
        String url = loopback(port);
        return service(
                ServiceName.NODE,
                index,
                port,
                url,
                url,
                registries(),
                Map.of(
                        "ATRIUM_NODE_PORT",
                        Integer.toString(port),
                        "ATRIUM_NODE_URL",
                        url,
                        "ATRIUM_NODE_NAME",
                        name(index),
                        "SERVER_ADDRESS",
                        LOOPBACK,
                        "ATRIUM_NODE_DATA",
                        dataOf(ServiceName.NODE, index),
                        "ATRIUM_NODE_JOIN_TOKEN",
                        nodeTokens.get(index),
                        "ATRIUM_REGISTRY_INTERNAL_URL",
                        registryInternalUrls()));
    }

    private Service gateway(int index) throws IOException {
        int port = port(Port.GATEWAY, index);
        int managementPort = port(Port.GATEWAY_MANAGEMENT, index);
        return service(
                ServiceName.GATEWAY,
                index,
                port,
                index == 0 ? settings.gatewayUrl() : loopback(port),
                loopback(managementPort),
                registries(),
                Map.of(
                        "ATRIUM_GATEWAY_PORT", Integer.toString(port),
                        "ATRIUM_GATEWAY_MANAGEMENT_PORT", Integer.toString(managementPort),
                        "MANAGEMENT_SERVER_ADDRESS", LOOPBACK,
                        "ATRIUM_GATEWAY_NAME", name(index),
                        "ATRIUM_GATEWAY_DATA", dataOf(ServiceName.GATEWAY, index),
                        "ATRIUM_GATEWAY_JOIN_TOKEN", gatewayTokens.get(index),
                        "ATRIUM_REGISTRY_INTERNAL_URL", registryInternalUrls()));
    }

    private Service portal() throws IOException {
        return service(
                ServiceName.PORTAL,
                0,
                settings.port(Port.PORTAL),
                settings.portalUrl(),
                settings.loopback(Port.PORTAL_MANAGEMENT),
                Set.of(),
                Map.of(
                        "ATRIUM_PORTAL_PORT", Integer.toString(settings.port(Port.PORTAL)),
                        "ATRIUM_PORTAL_MANAGEMENT_PORT",
                                Integer.toString(settings.port(Port.PORTAL_MANAGEMENT)),
                        "MANAGEMENT_SERVER_ADDRESS", LOOPBACK,
                        "ATRIUM_REGISTRY_URL", settings.loopback(Port.REGISTRY),
                        "ATRIUM_GATEWAY_INTERNAL_URL", settings.loopback(Port.GATEWAY),
                        "ATRIUM_PORTAL_CLIENT_SECRET",
                                secrets.password(Secrets.PORTAL_CLIENT_SECRET)));
    }

    private Service service(
            ServiceName name,
            int index,
            int port,
            String address,
            String management,
            Set<String> after,
            Map<String, String> own) {
        Map<String, String> environment = new HashMap<>(settings.environment());
        environment.put("ATRIUM_PUBLIC_URL", settings.publicUrl());
        environment.put("ATRIUM_GATEWAY_URL", settings.gatewayUrl());
        environment.put("ATRIUM_PORTAL_URL", settings.portalUrl());
        environment.put("VAADIN_USAGE_STATS_ENABLED", "false");
        environment.putAll(own);
        return new Service(
                name,
                name.title(index),
                command(name, settings.data().of(name.title(index))),
                environment,
                settings.data().of(name.title(index)),
                port,
                address,
                management + READINESS,
                after);
    }

    /** Tomcat's temporary folders outlive a killed process; in its own folder they are found. */
    private List<String> command(ServiceName name, Path directory) {
        List<String> command = new ArrayList<>(distribution.command(name, settings.environment()));
        if (name == ServiceName.REGISTRY || name == ServiceName.PORTAL) {
            command.add(1, "-Djava.io.tmpdir=" + Service.temporary(directory));
        }
        return command;
    }

    private static String name(int index) {
        return index == 0 ? "standalone" : "standalone-" + (index + 1);
    }

    private Set<String> registries() {
        return IntStream.range(0, shape.registries())
                .mapToObj(index -> ServiceName.REGISTRY.title(index))
                .collect(Collectors.toSet());
    }

    private String registryInternalUrls() {
        return internalPorts.stream().map(Services::loopback).collect(Collectors.joining(","));
    }

    private int port(Port port, int index) throws IOException {
        if (index == 0) {
            return settings.port(port);
        }
        while (true) {
            try (ServerSocket free = new ServerSocket(0)) {
                int number = free.getLocalPort();
                if (isNobodys(number) && given.add(number)) {
                    return number;
                }
            }
        }
    }

    /** Free now, it may still be that of a service which has not begun to listen. */
    private boolean isNobodys(int number) {
        return Arrays.stream(Port.values()).noneMatch(port -> settings.port(port) == number);
    }

    private static String loopback(int port) {
        return "http://" + LOOPBACK + ":" + port;
    }

    private Map.Entry<String, String> secret(String variable, String name) throws IOException {
        return Map.entry(variable, secrets.password(name));
    }

    private String databaseUrl() {
        return "jdbc:postgresql://127.0.0.1:"
                + settings.port(Port.POSTGRES)
                + "/"
                + DatabaseRoles.DATABASE;
    }

    private String dataOf(ServiceName service, int index) {
        return settings.data().of(service.title(index)).toString();
    }

    private static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
