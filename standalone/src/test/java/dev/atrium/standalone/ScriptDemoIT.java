package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.standalone.Script.Result;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the script hands to people who want to make a call, on the platform with demo data. */
class ScriptDemoIT {
    private static StandalonePlatform platform;
    private static Script script;

    @BeforeAll
    static void installBesideThePlatform() throws Exception {
        platform = StandalonePlatform.shared();
        script = Script.install("script-demo-it").with(platform.settings().environment());
    }

    @Test
    void keyIsAloneOnStandardOutputAndWorksAtOnce() throws Exception {
        Result key = script.run("key");

        assertThat(key.exitCode()).as(key.errors()).isZero();
        assertThat(key.output()).matches("atr_[a-z0-9_]+\n");
        assertThat(key.errors()).isEmpty();
        assertThat(platform.access().calls(key.output().strip()).get("/v1/models").isOk()).isTrue();
    }

    @Test
    void printedCallWorksWhenPasted() throws Exception {
        String welcome = script.run("welcome").output();

        String call = welcome.substring(welcome.indexOf("  curl "));
        Result answer = script.run(List.of("bash", "-c", call));

        assertThat(answer.exitCode()).as(answer.errors()).isZero();
        assertThat(answer.output()).startsWith("{\"object\":\"list\",\"data\":[{");
    }
}
