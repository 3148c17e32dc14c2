package dev.atrium.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every parser answers broken input in its own way: a short look at what the fuzzer does long. */
class FuzzTests {
    private static final int INPUTS = 3_000;
    private static final long SEED = 4;

    /** A folder for each target, a file for each finding. */
    private static final Path FINDINGS = Path.of("src", "test", "resources", "findings");

    @ParameterizedTest
    @EnumSource
    void refusesChangedInputsInItsOwnWay(Targets which) throws Exception {
        Target target = which.make();
        List<byte[]> seeds = target.seeds();
        Mutations mutations = new Mutations(SEED, seeds);

        for (byte[] seed : seeds) {
            requireAnswer(target, seed);
        }
        for (int i = 0; i < INPUTS; i++) {
            requireAnswer(target, mutations.next());
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatWasFoundBefore(Targets which) throws Exception {
        Target target = which.make();

        requireAnswer(target, new byte[0]);
        for (Path finding : findings(which)) {
            requireAnswer(target, Files.readAllBytes(finding));
        }
    }

    private static void requireAnswer(Target target, byte[] input) {
        assertThatCode(() -> target.read(input))
                .as("input %s", HexFormat.of().formatHex(input))
                .doesNotThrowAnyException();
    }

    private static List<Path> findings(Targets which) throws IOException {
        Path folder = FINDINGS.resolve(which.name());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
