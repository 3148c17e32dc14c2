package dev.atrium.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The promises of ledger, leases, feed and router, through a million steps of faults. */
class SimulationTests {
    private static final long STEPS = Long.getLong("atrium.simulation.steps", 50_000);
    private static final long STORIES = Long.getLong("atrium.simulation.stories", 20);
    private static final long FIRST = Long.getLong("atrium.simulation.seed", 1);

    /** In a longer story the totals are used up, and most calls are refused. */
    private static final long WORTHWHILE = Math.min(STEPS, 50_000);

    @TempDir Path folder;

    @Test
    void everyPromiseHoldsThroughAMillionSteps() {
        List<Simulation.Story> stories = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + STORIES; seed++) {
            Simulation.Story story = run(seed, STEPS, "story" + seed);
            System.out.println(story);
            stories.add(story);
        }

        assertThat(stories.stream().mapToLong(Simulation.Story::steps).sum())
                .isGreaterThanOrEqualTo(STORIES * STEPS);
        assertThat(stories).allMatch(story -> story.calls() > WORTHWHILE / 100);
        assertThat(stories).allMatch(story -> story.replayed() > WORTHWHILE / 1_000);
    }

    @Test
    void aSeedTellsTheSameStoryAgain() {
        Simulation.Story once = run(42, 20_000, "once");
        Simulation.Story again = run(42, 20_000, "again");

        assertThat(again).isEqualTo(once);
    }

    /** Stories in which a promise was broken before; each tells what it was. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "95, 170000, two windows of a rate were in use where a registry's clock was behind",
        "100, 725000, a rate was used on in its former slices by who named its window",
        "95, 50000, a call of a gateway that was given up came with its return and was too much",
        "96, 50000, a call of a gateway that was given up came with its return and was charged"
    })
    void whatWasBrokenOnceHolds(long seed, long steps, String fault) {
        run(seed, steps, "seed" + seed + "-" + steps);
    }

    private Simulation.Story run(long seed, long steps, String name) {
        return new Simulation(seed, steps, Mutant.NONE, folder.resolve(name)).run();
    }
}
