package dev.atrium.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTests {
    @Test
    void quotedAndBareAreTheSameKey() {
        assertThat(key("\"8e03978e-40d5\"")).isEqualTo("8e03978e-40d5");
        assertThat(key("8e03978e-40d5")).isEqualTo("8e03978e-40d5");
        assertThat(key("  order 17 ")).isEqualTo("order 17");
        assertThat(key("\"a\\\"b\\\\c\"")).isEqualTo("a\"b\\c");
        assertThat(key("a\"b")).isEqualTo("a\"b");
    }

    @Test
    void longestKeyHas255Characters() {
        assertThat(key("k".repeat(255))).hasSize(255);
        assertThat(key('"' + "k".repeat(255) + '"')).hasSize(255);
        assertRefused("k".repeat(256));
        assertRefused('"' + "k".repeat(256) + '"');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "\"\"",
                "\"",
                "\"a",
                "\"a\\\"",
                "\"a\\",
                "\"a\\x\"",
                "\"a\"b\"",
                "\"a\";p=1",
                "\"a\", \"b\"",
                "schlüssel",
                "a\tb",
                "a\u0000b"
            })
    void refusesWhatIsNoKey(String text) {
        assertRefused(text);
    }

    @Test
    void refusesTwoKeys() {
        assertThatThrownBy(() -> IdempotencyKey.of(List.of("a", "a")))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void neverSaysTheKey() {
        assertThat(new IdempotencyKey("secret").toString()).doesNotContain("secret");
        assertThatThrownBy(() -> IdempotencyKey.of(List.of("\"secret")))
                .hasMessageNotContaining("secret");
    }

    private static String key(String text) {
        return IdempotencyKey.of(List.of(text)).value();
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> key(text))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused ->
                                assertThat(refused.refusal().reason())
                                        .isEqualTo(Refusal.Reason.IDEMPOTENCY_KEY_INVALID));
    }
}
