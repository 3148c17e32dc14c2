package dev.atrium.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bugs that were planted are found: a simulation that finds none would prove nothing. */
class MutantTests {
    private static final long STEPS = 10_000;
    private static final int MOST_STORIES = 80;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void isFoundWithinEightyStoriesOfTenThousandSteps(Mutant mutant) {
        String found = "";
        for (int seed = 1; found.isEmpty() && seed <= MOST_STORIES; seed++) {
            found = story(seed, mutant);
        }

        System.out.println(mutant + ": " + found);
        assertThat(found).as("nobody noticed that a gateway or registry %s", mutant).isNotEmpty();
    }

    private String story(int seed, Mutant mutant) {
        try {
            new Simulation(seed, STEPS, mutant, folder.resolve("story" + seed)).run();
            return "";
        } catch (BrokenPromise broken) {
            return broken.getMessage().lines().findFirst().orElseThrow();
        }
    }
}
