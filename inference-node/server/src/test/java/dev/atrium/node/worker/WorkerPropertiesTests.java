package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerPropertiesTests {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 1", "4, 4, 1", "6, 4, 1", "8, 4, 2", "64, 4, 16"})
    void givesTheCoresToOneComputationAndWhatIsLeftToInstances(
            int cores, int threads, int instances) {
        assertThat(WorkerProperties.threadsOn(cores)).isEqualTo(threads);
        assertThat(WorkerProperties.instancesOn(cores, threads)).isEqualTo(instances);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "4, 3", "5, 4", "64, 4"})
    void leavesACoreToOthersWhereModelsGenerate(int cores, int threads) {
        assertThat(WorkerProperties.generationThreadsOn(cores)).isEqualTo(threads);
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 2", "2, 8, 1", "4, 3, 1"})
    void countsInstancesByTheThreadsThatAreConfigured(int cores, int threads, int instances) {
        assertThat(WorkerProperties.instancesOn(cores, threads)).isEqualTo(instances);
    }
}
