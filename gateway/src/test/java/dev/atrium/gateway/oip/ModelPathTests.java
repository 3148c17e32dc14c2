package dev.atrium.gateway.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.oip.ModelPath.Action;
import dev.atrium.gateway.routing.ModelReference;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelPathTests {
    @Test
    void readsEveryFormOfAModelsPath() {
        assertPath("m", "m", null, Action.METADATA);
        assertPath("acme/m", "acme/m", null, Action.METADATA);
        assertPath("m/ready", "m", null, Action.READY);
        assertPath("acme/m/ready", "acme/m", null, Action.READY);
        assertPath("m/infer", "m", null, Action.INFER);
        assertPath("acme/m/infer", "acme/m", null, Action.INFER);
        assertPath("m/versions/2", "m", "2", Action.METADATA);
        assertPath("acme/m/versions/2", "acme/m", "2", Action.METADATA);
        assertPath("m/versions/2/ready", "m", "2", Action.READY);
        assertPath("acme/m/versions/2/infer", "acme/m", "2", Action.INFER);
    }

    @Test
    void refusesWhatNamesNoModel() {
        assertThat(parse("ready")).isEmpty();
        assertThat(parse("a/b/c")).isEmpty();
        assertThat(parse("a/b/c/versions/1/infer")).isEmpty();
        assertThat(ModelPath.parse(List.of())).isEmpty();
    }

    private static Optional<ModelPath> parse(String path) {
        return ModelPath.parse(List.of(path.split("/")));
    }

    private static void assertPath(
            String path, String name, @Nullable String version, Action action) {
        assertThat(parse(path)).contains(new ModelPath(new ModelReference(name, version), action));
    }
}
