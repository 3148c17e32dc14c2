package dev.atrium.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code ./atrium demo} plays, against the platform of the tests. */
class DemoStoryIT {
    @Test
    void storyHolds() throws Exception {
        StandalonePlatform platform = StandalonePlatform.shared();

        int exitCode = new DemoCommand(platform.access()).run();

        assertThat(exitCode).as("exit code of the story; its lines are above").isZero();
    }
}
