package dev.atrium.portal.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class AddressesTests {
    @Test
    void givesEachServiceItsOwnPortWhenThePublicUrlNamesTheRegistrys() {
        Addresses addresses = addresses("http://box.lan:8081", "", "");

        assertThat(addresses.portal()).isEqualTo("http://box.lan:8082");
        assertThat(addresses.gateway()).isEqualTo("http://box.lan:8080");
        assertThat(addresses.changePassword()).isEqualTo("http://box.lan:8081/change-password");
    }

    @Test
    void keepsOneAddressBehindAProxy() {
        Addresses addresses = addresses("https://atrium.example/", "", "");

        assertThat(addresses.portal()).isEqualTo("https://atrium.example");
        assertThat(addresses.gateway()).isEqualTo("https://atrium.example");
    }

    @Test
    void takesWhatIsSet() {
        Addresses addresses =
                addresses("https://id.example", "https://ui.example/", "https://api.example");

        assertThat(addresses.portal()).isEqualTo("https://ui.example");
        assertThat(addresses.gateway()).isEqualTo("https://api.example");
    }

    @Test
    void understandsIpv6() {
        assertThat(addresses("http://[::1]:8081", "", "").portal()).isEqualTo("http://[::1]:8082");
    }

    private static Addresses addresses(String publicUrl, String portal, String gateway) {
        return Addresses.of(
                new AddressProperties(
                        URI.create(publicUrl),
                        URI.create(portal),
                        URI.create(gateway),
                        URI.create("http://127.0.0.1:8081"),
                        URI.create("http://127.0.0.1:8080"),
                        8081,
                        8080,
                        8082));
    }
}
