package dev.atrium.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.registry.error.InvalidRequestException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTests {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/told",
                "http://example.com/",
                "ftp://example.com/",
                "https:///told",
                "https://user@example.com/",
                "https://example.com/#part",
                "https://exa mple.com/",
                "https://example.com:0/",
                "https://example.com:65536/",
                "https://a\r\nb.example/",
                "javascript:alert(1)",
                "file:///etc/passwd"
            })
    void refusesWhatIsNoAddressToBeToldAt(String url) {
        assertThatThrownBy(() -> Target.parse(url, false))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("'url' ");
    }

    @Test
    void readsWhatIsNeededForARequest() {
        assertThat(Target.parse(" https://example.com:8443/a/ä?b=c ", false).uri())
                .hasToString("https://example.com:8443/a/%C3%A4?b=c");
        assertThat(Target.parse("https://[2606:4700::1]:8443/", false).host())
                .isEqualTo("2606:4700::1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://localhost/",
                "https://10.0.0.1/",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/",
                "https://[::ffff:192.168.0.1]/",
                "https://2130706433/"
            })
    void reachesNothingOfOurOwn(String url) {
        assertThatThrownBy(() -> Target.parse(url, false).requireReachable(false))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not public");
    }

    @Test
    void signsTimeAndBody() {
        byte[] secret = "key".getBytes();

        // HMAC-SHA-256 of "1700000000.{}" with the key "key".
        assertThat(Signature.of(secret, Instant.ofEpochSecond(1_700_000_000), "{}"))
                .isEqualTo(
                        "t=1700000000,v1="
                                + "9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae");
    }
}
