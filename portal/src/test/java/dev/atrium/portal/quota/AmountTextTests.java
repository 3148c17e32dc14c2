package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.quota.Unit;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTextTests {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "10000 | 10000",
                "10,000 | 10000",
                "1 000 000 | 1000000",
                "1'000'000 | 1000000",
                "1_000 | 1000",
                "1,000,000,000,000,000 | 1000000000000000",
            })
    void readsThousandsHoweverTheyAreSeparated(String typed, long amount) {
        assertThat(AmountText.parse(typed, Unit.TOKENS)).hasValue(amount);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "1.5",
                "1.0",
                "10k",
                "1e3",
                "ten",
                "0x10",
                "1000000000000001",
                "9223372036854775808",
                "99999999999999999999",
                "."
            })
    void refusesWhatIsNoAmount(String typed) {
        assertThat(AmountText.parse(typed, Unit.REQUESTS)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPUTE_MILLIS", "AUDIO_MILLIS"})
    void countsTimeInSeconds(Unit unit) {
        assertThat(AmountText.parse("3,600", unit)).hasValue(3_600_000);
        assertThat(AmountText.parse("0.5", unit)).hasValue(500);
        assertThat(AmountText.parse("0.0005", unit)).isEmpty();
        assertThat(AmountText.parse("1000000000001", unit)).isEmpty();
    }

    @Test
    void countsPicturesByTheWhole() {
        assertThat(AmountText.parse("10,000", Unit.IMAGES)).hasValue(10_000);
        assertThat(AmountText.parse("0.5", Unit.IMAGES)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1500,COMPUTE_MILLIS", "3600000,AUDIO_MILLIS", "1234567,TOKENS", "0,IMAGES"})
    void readsWhatItWrites(long amount, Unit unit) {
        for (Locale locale : new Locale[] {Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE}) {
            String written = AmountText.format(amount, unit, locale);

            assertThat(AmountText.parse(written, unit)).as(written).hasValue(amount);
        }
    }
}
