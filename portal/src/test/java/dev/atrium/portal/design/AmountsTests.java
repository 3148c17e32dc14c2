package dev.atrium.portal.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTests {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1 KB",
        "22600000, 22.6 MB",
        "999949, 999.9 KB",
        "999950, 1 MB",
        "8000000000, 8 GB"
    })
    void writesBytesInTheUnitThatFits(long bytes, String expected) {
        assertThat(Amounts.bytes(bytes, Locale.ENGLISH)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "9999, '9,999'", "10000, 10k", "12449, 12.4k", "3100000, 3.1M"})
    void shortensLargeCounts(long count, String expected) {
        assertThat(Amounts.compact(count, Locale.ENGLISH)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "840, 840 µs",
        "12300, 12.3 ms",
        "999960, '1,000 ms'",
        "1800000, 1.8 s",
        "240000000, 4 min",
        "9432000000, 2.6 h"
    })
    void writesDurationsInTheUnitThatFits(long micros, String expected) {
        assertThat(Amounts.duration(Duration.ofNanos(micros * 1000), Locale.ENGLISH))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7 µJ",
        "12300, 12.3 mJ",
        "1800000, 1.8 J",
        "3500000000000, 3.5 MJ",
        "9360000000000, 2.6 kWh"
    })
    void writesEnergyInTheUnitThatFits(long microjoules, String expected) {
        assertThat(Amounts.energy(microjoules, Locale.ENGLISH)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"840, 840 ng", "12300000, 12.3 mg", "1800000000000, 1.8 kg"})
    void writesMassesInTheUnitThatFits(long nanograms, String expected) {
        assertThat(Amounts.mass(nanograms, Locale.ENGLISH)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"en, '1,234'", "de, '1.234'"})
    void groupsDigitsAsTheLanguageDoes(String language, String expected) {
        assertThat(Amounts.count(1234, Locale.forLanguageTag(language))).isEqualTo(expected);
    }

    @Test
    void showsMoneyAsSmallAsACallCanCost() {
        assertThat(Amounts.money(1_234, "EUR", Locale.US)).isEqualTo("€0.001234");
        assertThat(Amounts.money(12_500_000, "EUR", Locale.US)).isEqualTo("€12.50");
        assertThat(Amounts.money(0, "USD", Locale.US)).isEqualTo("$0.00");
    }
}
