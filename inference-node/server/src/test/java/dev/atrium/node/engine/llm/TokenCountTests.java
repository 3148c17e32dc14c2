package dev.atrium.node.engine.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Counting tokens of pieces, with a tokenizer that knows only bytes and a leading blank. */
class TokenCountTests {
    private final TokenCount tokens =
            new TokenCount(
                    text -> new int[1 + text.getBytes(StandardCharsets.UTF_8).length],
                    ids -> " ",
                    true);

    @Test
    void countsOneForEachPlainPiece() {
        assertThat(tokens.ofPiece(" model")).isEqualTo(1);
        assertThat(tokens.ofPiece("")).isEqualTo(1);
    }

    @Test
    void countsTheTokensThatMadeUpOneCharacter() {
        assertThat(tokens.ofPiece("日")).isEqualTo(3);
    }

    @Test
    void countsTheBeginningOfThePrompt() {
        assertThat(tokens.ofPrompt("abc")).isEqualTo(5);
    }
}
