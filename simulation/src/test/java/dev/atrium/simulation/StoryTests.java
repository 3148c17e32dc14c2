package dev.atrium.simulation;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Short stories: they notice in a second most of what the long ones notice. */
class StoryTests {
    private static final long STEPS = 3_000;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyPromiseHoldsThroughAShortStory(long seed) {
        new Simulation(seed, STEPS, Mutant.NONE, folder).run();
    }
}
