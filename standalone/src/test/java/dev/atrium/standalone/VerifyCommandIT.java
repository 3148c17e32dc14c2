package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What {@code ./atrium verify} says of the platform of the tests, which has no closed day yet. */
class VerifyCommandIT {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final VerifyCommand command =
            new VerifyCommand(
                    StandalonePlatform.shared().access(),
                    new PrintStream(printed, true, StandardCharsets.UTF_8));

    @Test
    void endsWithALineForProgramsAndCodeZeroWhereNothingIsWrong() throws Exception {
        int exitCode = command.run(new Command.Verify(null, null, null));

        assertThat(exitCode).as(text()).isZero();
        assertThat(text().lines().toList().getLast())
                .matches("tenants=\\d+ statements=\\d+ rows=\\d+ expired=0 wrong=0");
        assertThat(text()).contains("acme: ");
    }

    @Test
    void looksAtOneTenantAndTheDaysAskedFor() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);

        int exitCode = command.run(new Command.Verify("acme", today.minusDays(20), today));

        assertThat(exitCode).as(text()).isZero();
        assertThat(text().lines().toList().getLast()).startsWith("tenants=1 ");
    }

    @Test
    void refusesATenantThatIsNotThere() throws Exception {
        assertThat(command.run(new Command.Verify("nobody", null, null))).isEqualTo(1);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
