package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What docker-compose.yml promises, read from the file itself. */
class ComposeTests {
    private static final String OF_MAIL = "ATRIUM_SMTP_PASSWORD";
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> PUBLISHED = Set.of("registry", "gateway", "portal");

    private final Map<String, Map<String, Object>> services = services();

    @Test
    void onlyThePublicPortsArePublished() {
        services.forEach((name, service) -> {
            if (PUBLISHED.contains(name)) {
                assertThat((List<?>) service.get("ports")).as(name).hasSize(1);
            } else {
                assertThat(service).as(name).doesNotContainKey("ports");
                assertThat(service.get("networks")).as(name).isEqualTo(List.of("inner"));
            }
        });
    }

    @Test
    void everyServiceIsWatchedUnprivilegedAndKeepsItsDataInVolumes() {
        assertThat(services)
                .containsOnlyKeys("postgres", "registry", "node-1", "node-2", "gateway", "portal");
        services.forEach((name, service) -> {
            assertThat(service).as(name).containsKeys("healthcheck", "security_opt");
            assertThat(String.valueOf(service.get("user"))).as(name).doesNotStartWith("0");
            assertThat(service.get("cap_drop")).as(name).isEqualTo(List.of("ALL"));
            if (!name.equals("portal")) {
                assertThat(service).as(name).containsKey("volumes");
            }
        });
    }

    @Test
    void noSecretHasADefault() throws IOException {
        Matcher variables =
                Pattern.compile("\\$\\{([A-Z_0-9]*(?:PASSWORD|SECRET|KEY|TOKEN))([^}]*)}")
                        .matcher(Files.readString(HOME.resolve("docker-compose.yml")));

        Set<String> required = new TreeSet<>();
        while (variables.find()) {
            if (variables.group(1).equals(OF_MAIL)) {
                // Without mail there is none; an empty one is no default.
                assertThat(variables.group(2)).isEqualTo(":-");
            } else {
                assertThat(variables.group(2)).as(variables.group(1)).startsWith(":?");
                required.add(variables.group(1));
            }
        }

        String maker = Files.readString(HOME.resolve("deploy/docker/new-secrets.sh"));
        String example = Files.readString(HOME.resolve("deploy/docker/atrium.env.example"));
        assertThat(required).isNotEmpty().allSatisfy(name -> assertThat(maker).contains(name));
        assertThat(required).allSatisfy(name -> assertThat(example).contains(name));
    }

    @Test
    void everySettingIsDocumented() throws IOException {
        String contracts = Files.readString(HOME.resolve("docs/contracts.md"));

        services.forEach((name, service) -> {
            if (!name.equals("postgres")) {
                environment(service)
                        .forEach(variable -> assertThat(contracts).as(name).contains(variable));
            }
        });
    }

    @Test
    void everyBuildTargetIsInTheDockerfile() throws IOException {
        String dockerfile = Files.readString(HOME.resolve("deploy/docker/Dockerfile"));

        services.values().stream()
                .filter(service -> service.containsKey("build"))
                .map(service -> String.valueOf(((Map<?, ?>) service.get("build")).get("target")))
                .forEach(target -> assertThat(dockerfile).contains(" AS " + target + "\n"));
    }

    private static Set<String> environment(Map<String, Object> service) {
        Set<String> names = new TreeSet<>();
        ((Map<?, ?>) service.get("environment"))
                .keySet()
                .forEach(name -> names.add(String.valueOf(name)));
        return names;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> services() {
        try (var file = Files.newBufferedReader(HOME.resolve("docker-compose.yml"))) {
            Map<String, Object> compose = new Yaml().load(file);
            return (Map<String, Map<String, Object>>) compose.get("services");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
