package dev.atrium.registry.api.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiKeyFormatTests {
    @Test
    void parsesWhatItGenerates() {
        String key = ApiKeyFormat.generate();

        ApiKeyFormat.Parsed parsed = ApiKeyFormat.parse(key).orElseThrow();

        assertThat(key).isEqualTo("atr_" + parsed.keyId() + "_" + parsed.secret());
        assertThat(parsed.keyId()).hasSize(16);
        assertThat(parsed.secretHash()).matches("[0-9a-f]{64}").doesNotContain(parsed.secret());
    }

    @Test
    void refusesAKeyWithAnyOneCharacterChanged() {
        String key = ApiKeyFormat.generate();

        for (int i = 0; i < key.length(); i++) {
            char other = key.charAt(i) == 'x' ? 'y' : 'x';
            String mistyped = key.substring(0, i) + other + key.substring(i + 1);
            assertThat(ApiKeyFormat.parse(mistyped)).as("changed at %d", i).isEmpty();
        }
    }

    @Test
    void refusesOtherShapes() {
        String key = ApiKeyFormat.generate();

        assertThat(ApiKeyFormat.parse("")).isEmpty();
        assertThat(ApiKeyFormat.parse("atr_")).isEmpty();
        assertThat(ApiKeyFormat.parse(key.substring(0, key.length() - 1))).isEmpty();
        assertThat(ApiKeyFormat.parse(key + "a")).isEmpty();
        assertThat(ApiKeyFormat.parse("sk-" + key.substring(3))).isEmpty();
    }

    @Test
    void neverRepeatsAndHintsWithoutTelling() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            keys.add(ApiKeyFormat.generate());
        }
        String key = keys.iterator().next();

        assertThat(keys).hasSize(1_000);
        assertThat(ApiKeyFormat.hint(key))
                .hasSize(13)
                .startsWith("atr_")
                .endsWith(key.substring(key.length() - 4));
    }

    @Test
    void hashesAsPublishedForSha256() {
        // FIPS 180-4, the one-block message example.
        assertThat(ApiKeyFormat.sha256("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
