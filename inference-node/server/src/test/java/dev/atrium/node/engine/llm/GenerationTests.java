package dev.atrium.node.engine.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.engine.ChatPiece;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why an answer ended and what it used. */
class GenerationTests {
    private final List<ChatPiece> pieces = new ArrayList<>();

    @Test
    void stopsWhenTheModelEndsBeforeTheLimit() {
        Generation generation = new Generation(List.of(), 7, 10, pieces::add);

        generation.add("a", 1);
        generation.add("", 1);
        generation.finish();

        assertThat(pieces.getLast().finishReason()).isEqualTo("stop");
        assertThat(generation.usage().inputTokens()).isEqualTo(7);
        assertThat(generation.usage().outputTokens()).isEqualTo(2);
    }

    @Test
    void saysLengthWhenTheLimitCutTheAnswer() {
        Generation generation = new Generation(List.of(), 7, 3, pieces::add);

        generation.add("a", 1);
        generation.add("日", 2);
        generation.finish();

        assertThat(pieces.getLast().finishReason()).isEqualTo("length");
    }

    @Test
    void saysStopWhenTheModelEndedWithItsLastAllowedToken() {
        Generation generation = new Generation(List.of(), 7, 2, pieces::add);

        generation.add("a", 1);
        generation.add("", 1);
        generation.finish();

        assertThat(pieces.getLast().finishReason()).isEqualTo("stop");
    }

    @Test
    void neverCountsMoreThanWasAllowed() {
        Generation generation = new Generation(List.of(), 7, 2, pieces::add);

        generation.add("日本", 9);
        generation.finish();

        assertThat(generation.usage().outputTokens()).isEqualTo(2);
    }

    @Test
    void countsWhatItHoldsBack() {
        Generation generation = new Generation(List.of("END"), 7, 9, pieces::add);

        generation.add("E", 1);
        generation.add("N", 1);

        assertThat(pieces).isEmpty();
        assertThat(generation.usage().outputTokens()).isEqualTo(2);
    }
}
