package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@code ./atrium verify} says of the platform of the tests. */
class VerifyCommandIT {
    private static final Command.Verify OF_VERIFIED = new Command.Verify("verified", null, null);

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

    @Test
    void namesRowsThatWereAlteredRemovedAndAddedAndEndsWithCodeOne() throws Exception {
        try (ClosedDay day = new ClosedDay(StandalonePlatform.shared(), "verified", 4)) {
            int clean = command.run(OF_VERIFIED);
            String beforehand = text();
            day.keep();
            UUID altered = day.calls().get(0);
            UUID removed = day.calls().get(1);
            UUID untouched = day.calls().get(2);
            day.alter(altered);
            day.remove(removed);
            UUID added = day.add(untouched);
            printed.reset();

            int exitCode = command.run(OF_VERIFIED);
            String told = text();
            day.restore();
            int restored = command.run(OF_VERIFIED);

            assertThat(clean).as(beforehand).isZero();
            assertThat(beforehand).contains(" 4 rows,").contains("rows=4 expired=0 wrong=0");
            assertThat(exitCode).as(told).isEqualTo(1);
            assertThat(told.lines())
                    .anyMatch(line -> line.startsWith(finding("ROW_ALTERED", altered)))
                    .anyMatch(line -> line.startsWith(finding("ROW_MISSING", removed)))
                    .anyMatch(line -> line.startsWith(finding("ROW_ADDED", added)));
            assertThat(told).doesNotContain(untouched.toString());
            assertThat(told.lines().toList().getLast())
                    .startsWith("tenants=1 ")
                    .contains(" rows=4 ")
                    .doesNotEndWith("wrong=0");
            assertThat(restored).as(text()).isZero();
        }
    }

    private static String finding(String kind, UUID call) {
        return "verified " + ClosedDay.DAY + " " + kind + " call " + call + ": ";
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
