package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.standalone.recommend.RecommendWish;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTests {
    @Test
    void understandsEveryOptionOfStart() {
        assertThat(Command.parse(List.of("start"))).isEqualTo(new Command.Start(false, true));
        assertThat(Command.parse(List.of("start", "--no-demo", "--background")))
                .isEqualTo(new Command.Start(true, false));
        assertThat(Command.parse(List.of("status", "--json"))).isEqualTo(new Command.Status(true));
        assertThat(Command.parse(List.of("prepare", "--no-cache")))
                .isEqualTo(new Command.Prepare(false));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(Command.parse(List.of("restart")))
                .isEqualTo(new Command.Unknown("unknown command 'restart'"));
        assertThat(Command.parse(List.of("stop", "--json")))
                .isEqualTo(new Command.Unknown("unknown option '--json'"));
        assertThat(Command.parse(List.of())).isEqualTo(new Command.Unknown("no command"));
    }

    @Test
    void readsHowManyKillsOfWhichHowManyForGoodAndWhichSeed() {
        assertThat(Command.parse(List.of("chaos", "--kills", "200", "--seed", "-7")))
                .isEqualTo(new Command.Chaos(200, Command.DEFAULT_LOST, -7));
        assertThat(Command.parse(List.of("chaos", "--kills", "3", "--lost", "3", "--seed", "1")))
                .isEqualTo(new Command.Chaos(3, 3, 1));
        assertThat(Command.parse(List.of("chaos", "--kills", "3", "--lost", "4")))
                .isEqualTo(new Command.Unknown("--lost must not be more than --kills"));
        assertThat(Command.parse(List.of("chaos", "--kills", "0", "--seed", "1")))
                .isEqualTo(new Command.Chaos(0, 0, 1));
        assertThat(Command.parse(List.of("chaos")))
                .isInstanceOfSatisfying(
                        Command.Chaos.class,
                        chaos -> {
                            assertThat(chaos.kills()).isEqualTo(Command.DEFAULT_KILLS);
                            assertThat(chaos.lost()).isEqualTo(Command.DEFAULT_LOST);
                        });
        assertThat(Command.parse(List.of("chaos", "--kills", "many")))
                .isEqualTo(new Command.Unknown("--kills needs a number"));
        assertThat(Command.parse(List.of("chaos", "--loud", "1")))
                .isEqualTo(new Command.Unknown("unknown option '--loud'"));
    }

    @Test
    void readsWhatToRecommendSettingsFor() {
        assertThat(Command.parse(List.of("recommend", "acme/fashion")))
                .isEqualTo(
                        new Command.Recommend(
                                new RecommendWish(
                                        new ModelName("acme", "fashion"),
                                        null,
                                        null,
                                        null,
                                        Command.DEFAULT_TIME,
                                        false)));
        assertThat(
                        Command.parse(
                                List.of(
                                        "recommend",
                                        "acme/fashion:2",
                                        "--apply",
                                        "--p99",
                                        "50",
                                        "--seconds",
                                        "1",
                                        "--requests",
                                        "calls.jsonl")))
                .isEqualTo(
                        new Command.Recommend(
                                new RecommendWish(
                                        new ModelName("acme", "fashion"),
                                        2,
                                        Path.of("calls.jsonl"),
                                        Duration.ofMillis(50),
                                        Duration.ofSeconds(1),
                                        true)));
        assertThat(Command.parse(List.of("recommend"))).isInstanceOf(Command.Unknown.class);
        assertThat(Command.parse(List.of("recommend", "acme/fashion:0")))
                .isInstanceOf(Command.Unknown.class);
        assertThat(Command.parse(List.of("recommend", "acme/fashion", "--p99")))
                .isEqualTo(new Command.Unknown("--p99 needs a number from 1 on"));
    }

    @Test
    void readsWhoseDaysToVerify() {
        LocalDate day = LocalDate.of(2026, 1, 31);

        assertThat(Command.parse(List.of("verify")))
                .isEqualTo(new Command.Verify(null, null, null));
        assertThat(
                        Command.parse(
                                List.of(
                                        "verify",
                                        "--tenant",
                                        "acme",
                                        "--from",
                                        "2026-01-31",
                                        "--to",
                                        "2026-01-31")))
                .isEqualTo(new Command.Verify("acme", day, day));
        assertThat(Command.parse(List.of("verify", "--from", "31.01.2026")))
                .isEqualTo(new Command.Unknown("--from needs a day such as 2026-01-31"));
        assertThat(Command.parse(List.of("verify", "--tenant")))
                .isEqualTo(new Command.Unknown("--tenant needs the tenant's short name"));
        assertThat(Command.parse(List.of("verify", "--from", "2026-02-01", "--to", "2026-01-31")))
                .isEqualTo(new Command.Unknown("--from must not be after --to"));
    }
}
