package dev.atrium.standalone.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTests {
    private static final Path HOME = Path.of("/checkout");

    @Test
    void standardAddressesAreThisMachine() {
        Settings settings = Settings.of(HOME, Map.of());

        assertThat(settings.publicUrl()).isEqualTo("http://localhost:8081");
        assertThat(settings.gatewayUrl()).isEqualTo("http://localhost:8080");
        assertThat(settings.portalUrl()).isEqualTo("http://localhost:8082");
        assertThat(settings.data().path()).isEqualTo(HOME.resolve(".atrium"));
    }

    @Test
    void movedPortsMoveTheAddresses() {
        Settings settings =
                Settings.of(
                        HOME,
                        Map.of("ATRIUM_REGISTRY_PORT", "7001", "ATRIUM_GATEWAY_PORT", " 7000 "));

        assertThat(settings.publicUrl()).isEqualTo("http://localhost:7001");
        assertThat(settings.gatewayUrl()).isEqualTo("http://localhost:7000");
        assertThat(settings.loopback(Port.GATEWAY)).isEqualTo("http://127.0.0.1:7000");
    }

    @Test
    void thePublicHostIsTheHostOfEveryLink() {
        Settings settings =
                Settings.of(HOME, Map.of("ATRIUM_PUBLIC_URL", "http://atrium.test:8081/"));

        assertThat(settings.publicUrl()).isEqualTo("http://atrium.test:8081");
        assertThat(settings.gatewayUrl()).isEqualTo("http://atrium.test:8080");
        assertThat(settings.portalUrl()).isEqualTo("http://atrium.test:8082");
    }

    @Test
    void behindAProxyAllServicesShareOneAddress() {
        Settings settings =
                Settings.of(
                        HOME,
                        Map.of(
                                "ATRIUM_PUBLIC_URL", "https://atrium.test",
                                "ATRIUM_PORTAL_URL", "https://portal.atrium.test"));

        assertThat(settings.gatewayUrl()).isEqualTo("https://atrium.test");
        assertThat(settings.portalUrl()).isEqualTo("https://portal.atrium.test");
    }

    @Test
    void saysWhichVariableCannotBeUsed() {
        assertThatThrownBy(() -> Settings.of(HOME, Map.of("ATRIUM_NODE_PORT", "70000")))
                .hasMessage("ATRIUM_NODE_PORT is '70000', but it must be a port, 1 to 65535");
        assertThatThrownBy(() -> Settings.of(HOME, Map.of("ATRIUM_NODE_PORT", "8080")))
                .hasMessageContaining("another port than the one of ATRIUM_NODE_PORT");
        assertThatThrownBy(() -> Settings.of(HOME, Map.of("ATRIUM_PUBLIC_URL", "atrium.test")))
                .hasMessageContaining("ATRIUM_PUBLIC_URL is 'atrium.test'");
    }
}
