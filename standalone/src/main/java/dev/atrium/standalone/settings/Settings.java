package dev.atrium.standalone.settings;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where this installation listens, what it is called from outside and where its data is.
 *
 * @param home the checkout
 * @param publicUrl the registry's public address, OAuth issuer and base of links; no slash at the
 *     end
 * @param environment everything that was set, for the services
 */
public record Settings(
        Path home,
        DataFolder data,
        Map<Port, Integer> ports,
        String publicUrl,
        String gatewayUrl,
        String portalUrl,
        Map<String, String> environment) {
    private static final int HIGHEST_PORT = 65_535;

    public Settings {
        ports = Map.copyOf(ports);
        environment = Map.copyOf(environment);
    }

    /**
     * @throws InvalidSettingException for the first value that cannot be used
     */
    public static Settings of(Path home, Map<String, String> environment) {
        Map<Port, Integer> ports = ports(environment);
        int registry = ports.getOrDefault(Port.REGISTRY, 0);
        String publicUrl = url(environment, "ATRIUM_PUBLIC_URL", "http://localhost:" + registry);
        return new Settings(
                home,
                new DataFolder(dataFolder(home, environment)),
                ports,
                publicUrl,
                serviceUrl(environment, "ATRIUM_GATEWAY_URL", publicUrl, ports, Port.GATEWAY),
                serviceUrl(environment, "ATRIUM_PORTAL_URL", publicUrl, ports, Port.PORTAL),
                environment);
    }

    /** An installation beside this one: other data, and ports that nobody uses at this moment. */
    public Settings onFreePorts(DataFolder otherData) throws IOException {
        Map<String, String> other = new HashMap<>(environment);
        other.keySet().removeIf(name -> name.startsWith("ATRIUM_"));
        other.put("ATRIUM_DATA", otherData.path().toString());
        other.putAll(FreePorts.asVariables());
        return of(home, other);
    }

    /** The same with these variables set. */
    public Settings with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return of(home, all);
    }

    public int port(Port port) {
        return ports.getOrDefault(port, port.standard());
    }

    /** How processes on this machine reach the listener, whatever people outside call it. */
    public String loopback(Port port) {
        return "http://127.0.0.1:" + port(port);
    }

    private static Map<Port, Integer> ports(Map<String, String> environment) {
        Map<Port, Integer> ports = new EnumMap<>(Port.class);
        Map<Integer, Port> taken = new HashMap<>();
        for (Port port : Port.values()) {
            int number = number(environment, port);
            Port other = taken.putIfAbsent(number, port);
            if (other != null) {
                throw new InvalidSettingException(
                        port.variable(),
                        Integer.toString(number),
                        "another port than the one of " + other.variable());
            }
            ports.put(port, number);
        }
        return ports;
    }

    private static int number(Map<String, String> environment, Port port) {
        String text = value(environment, port.variable());
        if (text == null) {
            return port.standard();
        }
        try {
            int number = Integer.parseInt(text);
            if (number > 0 && number <= HIGHEST_PORT) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below, as a number out of range is.
        }
        throw new InvalidSettingException(port.variable(), text, "a port, 1 to " + HIGHEST_PORT);
    }

    private static Path dataFolder(Path home, Map<String, String> environment) {
        String text = value(environment, "ATRIUM_DATA");
        Path folder = text == null ? home.resolve(".atrium") : Path.of(text);
        return folder.toAbsolutePath().normalize();
    }

    /** Behind a proxy, where the public port is not the registry's, all services share one URL. */
    private static String serviceUrl(
            Map<String, String> environment,
            String variable,
            String publicUrl,
            Map<Port, Integer> ports,
            Port port) {
        URI uri = URI.create(publicUrl);
        boolean direct = uri.getPort() == ports.getOrDefault(Port.REGISTRY, 0);
        String standard =
                direct
                        ? uri.getScheme() + "://" + uri.getHost() + ":" + ports.get(port)
                        : publicUrl;
        return url(environment, variable, standard);
    }

    private static String url(Map<String, String> environment, String variable, String standard) {
        String text = value(environment, variable);
        String url = text == null ? standard : text.replaceAll("/+$", "");
        try {
            URI uri = new URI(url);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web
                    && uri.getHost() != null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return url;
            }
        } catch (URISyntaxException malformed) {
            // Answered below, as any other unusable address is.
        }
        throw new InvalidSettingException(
                variable, url, "an address such as http://atrium.example:8081");
    }

    private static @Nullable String value(Map<String, String> environment, String variable) {
        String text = environment.get(variable);
        return text == null || text.isBlank() ? null : text.strip();
    }
}
