package dev.atrium.node.engine.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Predictions;
import dev.atrium.node.engine.Question;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.engine.predict.Preparation.Prepared;
import dev.atrium.registry.api.catalog.Signature;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which inputs are computed together, and whose answer is whose. */
class JointPredictionsTests {
    private final List<Long> runs = new ArrayList<>();
    private final Map<Integer, String> answered = new TreeMap<>();
    private final Map<Integer, Long> micros = new TreeMap<>();
    private final List<Integer> failed = new ArrayList<>();
    private boolean wereNoBatch;
    private long mostRows = Long.MAX_VALUE;

    @Test
    void computesThoseTogetherThatAreAlikeAndAnswersEachWithItsOwn() {
        run("ab", "cd", "xyz", "ef");

        assertThat(runs).containsExactly(3L, 1L);
        assertThat(answered)
                .containsExactly(
                        Map.entry(0, "ab"),
                        Map.entry(1, "cd"),
                        Map.entry(2, "xyz"),
                        Map.entry(3, "ef"));
        assertThat(failed).isEmpty();
        assertThat(wereNoBatch).isFalse();
        assertThat(micros.values()).allMatch(each -> each > 0);
    }

    @Test
    void failsAloneWhatCannotBePrepared() {
        run("ab", "!", "cd");

        assertThat(runs).containsExactly(2L);
        assertThat(answered).containsOnlyKeys(0, 2);
        assertThat(failed).containsExactly(1);
    }

    @Test
    void computesOneByOneWhatFailsTogetherAndSaysSo() {
        mostRows = 1;

        run("ab", "cd");

        assertThat(runs).containsExactly(2L, 1L, 1L);
        assertThat(answered).containsOnlyKeys(0, 1);
        assertThat(wereNoBatch).isTrue();
    }

    @Test
    void failsAloneWhatCannotBeRead() {
        run("ab", "?x", "cd");

        assertThat(runs).containsExactly(3L);
        assertThat(answered).containsOnlyKeys(0, 2);
        assertThat(failed).containsExactly(1);
        assertThat(wereNoBatch).isFalse();
    }

    private void run(String... texts) {
        List<Question> questions =
                Stream.of(texts)
                        .map(text -> new NaturalInput(null, StandardCharsets.UTF_8.encode(text)))
                        .map(input -> new Question(input, null))
                        .toList();
        new JointPredictions(
                        new Echo(),
                        List.of(),
                        JointPredictionsTests::read,
                        questions,
                        new Cancellation(),
                        new Noted())
                .run(JointPredictionsTests::prepared);
    }

    private static Prepared prepared(NaturalInput input) {
        byte[] bytes = input.bytes();
        if (bytes[0] == '!') {
            throw EngineException.invalidInput("not readable");
        }
        long[] shape = {1, bytes.length};
        Tensor tensor = new Tensor("x", Datatype.UINT8, shape, ByteBuffer.wrap(bytes));
        return new Prepared(List.of(tensor), 1, bytes.length, null);
    }

    private static List<Tensor> read(Tensor output, int computed, int rows, Integer wanted) {
        byte[] bytes = new byte[output.data().remaining()];
        output.data().slice().get(bytes);
        if (bytes[0] == '?') {
            throw EngineException.failed("no number", null);
        }
        return List.of(new Tensor("y", Datatype.UINT8, output.shape(), ByteBuffer.wrap(bytes)));
    }

    /** Gives what it gets, up to so many rows. */
    private final class Echo implements LoadedModel {
        @Override
        public Signature signature() {
            return Signature.UNKNOWN;
        }

        @Override
        public void infer(
                List<Tensor> inputs,
                List<String> outputs,
                Cancellation cancellation,
                Consumer<List<Tensor>> results) {
            long rows = inputs.getFirst().shape()[0];
            runs.add(rows);
            if (rows > mostRows) {
                throw EngineException.failed("too many rows", null);
            }
            Tensor given = inputs.getFirst();
            results.accept(List.of(new Tensor("y", Datatype.FP32, given.shape(), given.data())));
        }

        @Override
        public void close() {}
    }

    private final class Noted implements Predictions {
        @Override
        public boolean isWanted(int question) {
            return true;
        }

        @Override
        public void answered(int question, Prediction prediction, long took) {
            Tensor output = prediction.outputs().getFirst();
            answered.put(question, StandardCharsets.UTF_8.decode(output.data().slice()).toString());
            micros.put(question, took);
        }

        @Override
        public void failed(int question, RuntimeException why, long took) {
            failed.add(question);
        }

        @Override
        public void wereNoBatch() {
            wereNoBatch = true;
        }
    }
}
