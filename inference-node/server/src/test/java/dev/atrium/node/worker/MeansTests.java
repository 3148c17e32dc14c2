package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.deployment.Execution;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MeansTests {
    private static final WorkerProperties NODE =
            new Binder(
                            new MapConfigurationPropertySource(
                                    Map.of(
                                            "node.threads", 3,
                                            "node.parallel", 5,
                                            "node.generation-threads", 2,
                                            "node.slots", 7)))
                    .bindOrCreate("node", WorkerProperties.class);

    @ParameterizedTest
    @CsvSource({"ONNX, 3, 5", "TORCHSCRIPT, 3, 5", "GGUF, 2, 7"})
    void areThoseOfTheNodeWhereADeploymentSaysNothing(
            Framework framework, int threads, int instances) {
        Means means = Means.of(NODE, framework, Execution.DEFAULT);

        assertThat(means.threads()).isEqualTo(threads);
        assertThat(means.instances()).isEqualTo(instances);
    }
}
