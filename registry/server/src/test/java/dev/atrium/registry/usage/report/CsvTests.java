package dev.atrium.registry.usage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTests {
    @Test
    void quotesWhatNeedsItAndEndsLinesAsTheStandardSays() throws IOException {
        StringBuilder text = new StringBuilder();

        new Csv(text).line(Arrays.asList("plain", "a,b", "say \"hi\"", "two\nlines", null, 7));

        assertThat(text).hasToString("plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,7\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@sum(a1)", "\t=1"})
    void makesTextOfWhatASpreadsheetWouldCompute(String text) {
        assertThat(Csv.cell(text)).isEqualTo("'" + text);
    }

    @Test
    void quotesAFormulaBehindALineBreak() {
        assertThat(Csv.cell("\r=1")).isEqualTo("\"'\r=1\"");
    }

    @Test
    void leavesNumbersNumbers() {
        assertThat(Csv.cell(new BigDecimal("-0.5"))).isEqualTo("-0.5");
    }

    @Test
    void writesSmallNumbersOut() {
        assertThat(Csv.cell(BigDecimal.valueOf(501, 9))).isEqualTo("0.000000501");
    }
}
