package dev.atrium.standalone.launcher;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Describes the four services of one installation.
 *
 * <p>Each gets the secrets it needs and no others. The two join tokens are new at each start and
 * good for one use; a service that joined before does not need its token.
 */
final class Services {
    private static final String READINESS = "/actuator/health/readiness";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int TOKEN_BYTES = 24;

    private final Settings settings;
    private final Distribution distribution;
    private final Secrets secrets;
    private final String gatewayToken = token();
    private final String nodeToken = token();

    Services(Settings settings, Distribution distribution, Secrets secrets) {
        this.settings = settings;
        this.distribution = distribution;
        this.secrets = secrets;
    }

    List<Service> inOrder() throws IOException {
        return List.of(registry(), node(), gateway(), portal());
    }

    private Service registry() throws IOException {
        return service(
                ServiceName.REGISTRY,
                settings.port(Port.REGISTRY),
                settings.publicUrl(),
                settings.loopback(Port.REGISTRY_INTERNAL),
                Set.of(),
                Map.ofEntries(
                        Map.entry("ATRIUM_REGISTRY_PORT", port(Port.REGISTRY)),
                        Map.entry("ATRIUM_REGISTRY_INTERNAL_PORT", port(Port.REGISTRY_INTERNAL)),
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
                        Map.entry(
                                "ATRIUM_JOIN_TOKENS",
                                "GATEWAY:" + gatewayToken + ",NODE:" + nodeToken)));
    }

    private Service node() throws IOException {
        String url = settings.loopback(Port.NODE);
        return service(
                ServiceName.NODE,
                settings.port(Port.NODE),
                url,
                url,
                Set.of(ServiceName.REGISTRY),
                Map.of(
                        "ATRIUM_NODE_PORT",
                        port(Port.NODE),
                        "ATRIUM_NODE_URL",
                        url,
                        "ATRIUM_NODE_NAME",
                        "standalone",
                        "SERVER_ADDRESS",
                        LOOPBACK,
                        "ATRIUM_NODE_DATA",
                        dataOf(ServiceName.NODE),
                        "ATRIUM_NODE_JOIN_TOKEN",
                        nodeToken,
                        "ATRIUM_REGISTRY_INTERNAL_URL",
                        settings.loopback(Port.REGISTRY_INTERNAL)));
    }

    private Service gateway() throws IOException {
        return service(
                ServiceName.GATEWAY,
                settings.port(Port.GATEWAY),
                settings.gatewayUrl(),
                settings.loopback(Port.GATEWAY_MANAGEMENT),
                Set.of(ServiceName.REGISTRY),
                Map.of(
                        "ATRIUM_GATEWAY_PORT", port(Port.GATEWAY),
                        "ATRIUM_GATEWAY_MANAGEMENT_PORT", port(Port.GATEWAY_MANAGEMENT),
                        "MANAGEMENT_SERVER_ADDRESS", LOOPBACK,
                        "ATRIUM_GATEWAY_NAME", "standalone",
                        "ATRIUM_GATEWAY_DATA", dataOf(ServiceName.GATEWAY),
                        "ATRIUM_GATEWAY_JOIN_TOKEN", gatewayToken,
                        "ATRIUM_REGISTRY_INTERNAL_URL", settings.loopback(Port.REGISTRY_INTERNAL)));
    }

    private Service portal() throws IOException {
        return service(
                ServiceName.PORTAL,
                settings.port(Port.PORTAL),
                settings.portalUrl(),
                settings.loopback(Port.PORTAL_MANAGEMENT),
                Set.of(),
                Map.of(
                        "ATRIUM_PORTAL_PORT", port(Port.PORTAL),
                        "ATRIUM_PORTAL_MANAGEMENT_PORT", port(Port.PORTAL_MANAGEMENT),
                        "MANAGEMENT_SERVER_ADDRESS", LOOPBACK,
                        "ATRIUM_REGISTRY_URL", settings.loopback(Port.REGISTRY),
                        "ATRIUM_GATEWAY_INTERNAL_URL", settings.loopback(Port.GATEWAY),
                        "ATRIUM_PORTAL_CLIENT_SECRET",
                                secrets.password(Secrets.PORTAL_CLIENT_SECRET)));
    }

    private Service service(
            ServiceName name,
            int port,
            String address,
            String management,
            Set<ServiceName> after,
            Map<String, String> own) {
        Map<String, String> environment = new HashMap<>(settings.environment());
        environment.put("ATRIUM_PUBLIC_URL", settings.publicUrl());
        environment.put("ATRIUM_GATEWAY_URL", settings.gatewayUrl());
        environment.put("ATRIUM_PORTAL_URL", settings.portalUrl());
        environment.put("VAADIN_USAGE_STATS_ENABLED", "false");
        environment.putAll(own);
        return new Service(
                name,
                distribution.command(name, settings.environment()),
                environment,
                settings.data().of(name.title()),
                port,
                address,
                management + READINESS,
                after);
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

    private String port(Port port) {
        return Integer.toString(settings.port(port));
    }

    private String dataOf(ServiceName service) {
        return settings.data().of(service.title()).toString();
    }

    private static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
