package dev.atrium.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.standalone.StandalonePlatform;
import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.settings.DataFolder;
import dev.atrium.standalone.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The small version of {@code ./atrium chaos}. */
class ChaosIT {
    @Test
    void countsEveryCallOnceWhoeverIsKilled() throws Exception {
        Distribution distribution = StandalonePlatform.distribution();
        DataFolder data = new DataFolder(Path.of("target/chaos-data").toAbsolutePath());
        StandalonePlatform.discard(data);
        Settings settings = Settings.of(distribution.home(), Map.of()).onFreePorts(data);

        Verdict verdict = new Campaign(settings, distribution, System.out).run(12, 1, 1);

        assertThat(verdict.holds()).as(verdict.toString()).isTrue();
        data.discard();
    }
}
