package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

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
    void readsHowManyKillsAndWhichSeed() {
        assertThat(Command.parse(List.of("chaos", "--kills", "200", "--seed", "-7")))
                .isEqualTo(new Command.Chaos(200, -7));
        assertThat(Command.parse(List.of("chaos")))
                .isInstanceOfSatisfying(
                        Command.Chaos.class,
                        chaos -> assertThat(chaos.kills()).isEqualTo(Command.DEFAULT_KILLS));
        assertThat(Command.parse(List.of("chaos", "--kills", "many")))
                .isEqualTo(new Command.Unknown("--kills needs a number"));
        assertThat(Command.parse(List.of("chaos", "--loud", "1")))
                .isEqualTo(new Command.Unknown("unknown option '--loud'"));
    }
}
