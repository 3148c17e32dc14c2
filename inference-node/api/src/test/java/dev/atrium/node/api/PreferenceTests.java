package dev.atrium.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller prefers, by the grammar of RFC 7240. */
class PreferenceTests {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "wait=10 | 10",
                "Wait = 10 | 10",
                "respond-async, wait=10 | 10",
                "wait=10; foo=bar, wait=20 | 10",
                "wait=\"7\" | 7",
                "wait=0 | 0",
                "wait=61 | 60",
                "wait=999999999 | 60",
                "wait=9999999999 | 0",
                "wait=-1 | 0",
                "wait=1.5 | 0",
                "wait=\u0663 | 0",
                "wait= | 0",
                "wait | 0",
                "waiting=5 | 0",
                "return=minimal | 0",
                "'' | 0",
                "=,;=,\" | 0"
            })
    void readsHowLongACallMayWait(String header, long seconds) {
        assertThat(Preference.wait(List.of(header))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void theFirstOfSeveralHeadersCounts() {
        assertThat(Preference.wait(List.of("respond-async", "wait=3", "wait=9")))
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(Preference.wait(List.of())).isZero();
    }

    @Test
    void isReadAsItIsWritten() {
        assertThat(Preference.wait(List.of(Preference.waiting(Duration.ofSeconds(42)))))
                .isEqualTo(Duration.ofSeconds(42));
    }
}
