package dev.atrium.node.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cutting texts into batches. */
class TokenBatchesTests {

    @Test
    void putsTextsOfSimilarLengthTogether() {
        List<TokenBatch> batches =
                new TokenBatches(2, 1000).of(texts(9, 1, 8, 2), texts(9, 1, 8, 2));

        assertThat(batches)
                .extracting(TokenBatch::rows)
                .containsExactly(List.of(1, 3), List.of(2, 0));
        assertThat(batches).extracting(TokenBatch::length).containsExactly(2, 9);
    }

    @Test
    void doesNotPadShortTextsToALongOne() {
        List<TokenBatch> batches =
                new TokenBatches(32, 4096).of(texts(6, 100, 5, 7, 60), texts(6, 100, 5, 7, 60));

        assertThat(batches)
                .extracting(TokenBatch::rows)
                .containsExactly(List.of(2, 0, 3), List.of(4), List.of(1));
    }

    @Test
    void holdsEveryTextOnceWithinItsBounds() {
        Random dice = new Random(3);
        int[] lengths = dice.ints(500, 1, 600).toArray();

        List<TokenBatch> batches = new TokenBatches(32, 4096).of(texts(lengths), texts(lengths));

        Set<Integer> seen = new HashSet<>();
        for (TokenBatch batch : batches) {
            seen.addAll(batch.rows());
            assertThat(batch.rows()).hasSizeLessThanOrEqualTo(32);
            assertThat(batch.rows().size() * batch.length()).isLessThanOrEqualTo(4096);
        }
        assertThat(seen).hasSize(500);
        assertThat(batches.stream().mapToInt(batch -> batch.rows().size()).sum()).isEqualTo(500);
    }

    @Test
    void takesATextThatIsLongerThanABatchAlone() {
        List<TokenBatch> batches = new TokenBatches(32, 100).of(texts(5, 500), texts(5, 500));

        assertThat(batches).hasSize(2);
    }

    private static List<long[]> texts(int... lengths) {
        List<long[]> texts = new ArrayList<>();
        for (int length : lengths) {
            texts.add(new long[length]);
        }
        return texts;
    }
}
