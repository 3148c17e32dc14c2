package dev.atrium.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bugs that were planted are found: a simulation that finds none would prove nothing. */
class MutantTests {
    private static final long STEPS = 10_000;
    private static final int MOST_STORIES = 80;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Mutant.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "CHARGES_WHAT_WAS_GIVEN_UP"})
    void isFoundWithinEightyStoriesOfTenThousandSteps(Mutant mutant) {
        String found = "";
        for (int seed = 1; found.isEmpty() && seed <= MOST_STORIES; seed++) {
            found = story(seed, STEPS, mutant);
        }

        System.out.println(mutant + ": " + found);
        assertThat(found).as("nobody noticed that a gateway or registry %s", mutant).isNotEmpty();
    }

    /** A lost gateway has to come back for it, so it takes a longer story. */
    @Test
    void chargesForWhatWasGivenUpAreFound() {
        assertThat(story(96, 50_000, Mutant.CHARGES_WHAT_WAS_GIVEN_UP))
                .contains("charged although it was given up");
    }

    /** Or the command that a broken promise names would not show it again. */
    @ParameterizedTest
    @EnumSource(
            value = Mutant.class,
            names = {"SETTLES_TWICE", "LEAKS_WHEN_CLIENT_GOES", "FREES_KEYS_OF_THE_DEAD"})
    void theSameSeedBreaksTheSamePromiseAtTheSameStep(Mutant mutant) {
        int seed =
                IntStream.rangeClosed(1, MOST_STORIES)
                        .filter(each -> !told(each, mutant, "first").isEmpty())
                        .findFirst()
                        .orElseThrow();

        String once = told(seed, mutant, "once");
        String again = told(seed, mutant, "again");

        assertThat(once).startsWith("seed " + seed + ", step ");
        assertThat(again).isEqualTo(once);
    }

    private String told(int seed, Mutant mutant, String name) {
        try {
            new Simulation(seed, STEPS, mutant, folder.resolve(name + seed)).run();
            return "";
        } catch (BrokenPromise broken) {
            return broken.getMessage();
        }
    }

    private String story(int seed, long steps, Mutant mutant) {
        try {
            new Simulation(seed, steps, mutant, folder.resolve("story" + seed)).run();
            return "";
        } catch (BrokenPromise broken) {
            return broken.getMessage().lines().findFirst().orElseThrow();
        }
    }
}
