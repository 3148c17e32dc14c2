package dev.atrium.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.tenancy.MemberService;
import dev.atrium.registry.tenancy.TenantService;
import dev.atrium.registry.web.InternalConnector;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** A registry that loses its PostgreSQL and gets it back. */
class DatabaseAwayIT {
    private static final String EMAIL = "owner@away.test";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void answers503WhileTheDatabaseIsAwayAndServesAgainByItself() throws Exception {
        String direct = RegistryTest.emptyDatabase("database_away");
        Matcher port = Pattern.compile(":(\\d+)/").matcher(direct);
        assertThat(port.find()).isTrue();
        try (TcpRelay relay = new TcpRelay(Integer.parseInt(port.group(1)));
                ServletWebServerApplicationContext registry =
                        start(direct.replace(port.group(), ":" + relay.port() + "/"))) {
            RegistryClient http =
                    new RegistryClient("http://127.0.0.1:" + registry.getWebServer().getPort());
            RegistryClient internal =
                    new RegistryClient(
                            "http://127.0.0.1:" + registry.getBean(InternalConnector.class).port());
            String owner = signIn(registry, http);
            assertThat(http.get("/api/v1/projects", owner).status()).isEqualTo(200);

            relay.cut();

            for (String path :
                    List.of("/api/v1/projects", "/api/v1/quota-policies", "/api/v1/api-keys")) {
                Answer answer = http.get(path, owner);
                assertThat(answer.status()).as(path + " " + answer.text()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("unavailable");
                assertThat(answer.header("Retry-After")).isNotNull();
                assertThat(answer.text()).doesNotContain("jdbc").doesNotContain("Exception");
            }
            await().atMost(PATIENCE)
                    .until(() -> internal.get("/actuator/health/readiness").status() == 503);

            relay.mend();

            await().atMost(PATIENCE)
                    .until(() -> http.get("/api/v1/projects", owner).status() == 200);
            await().atMost(PATIENCE)
                    .until(() -> internal.get("/actuator/health/readiness").status() == 200);
        }
    }

    private static String signIn(ServletWebServerApplicationContext registry, RegistryClient http) {
        Tenant tenant =
                registry.getBean(TenantService.class)
                        .create(new CreateTenant("away", "Away", null));
        registry.getBean(MemberService.class)
                .add(tenant.id(), new AddMember(EMAIL, "Away", Role.OWNER, TestTenant.PASSWORD));
        return new SignInBrowser(http, RegistryTest.PORTAL_URL)
                .signIn(EMAIL, TestTenant.PASSWORD)
                .json()
                .path("access_token")
                .asString();
    }

    private static ServletWebServerApplicationContext start(String url) {
        Map<String, String> settings = new LinkedHashMap<>(RegistryTest.settings());
        settings.put("ATRIUM_DB_URL", url);
        settings.put("server.port", "0");
        settings.put("atrium.registry.database.connect-timeout", "1s");
        String[] arguments =
                settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new);
        return (ServletWebServerApplicationContext)
                new SpringApplicationBuilder(RegistryApplication.class).run(arguments);
    }
}
