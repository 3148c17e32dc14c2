package dev.atrium.node.engine.llm;

import java.util.function.Function;

/**
 * Counts tokens, because the library does not tell.
 *
 * <p>It hands out one piece per generated token, except that a token which ends inside a UTF-8
 * character waits for the tokens that complete it. Such a piece is counted by encoding it again.
 */
final class TokenCount {
    private final Function<String, int[]> encode;
    private final Function<int[], String> decode;
    private final boolean addsBeginOfText;

    TokenCount(
            Function<String, int[]> encode,
            Function<int[], String> decode,
            boolean addsBeginOfText) {
        this.encode = encode;
        this.decode = decode;
        this.addsBeginOfText = addsBeginOfText;
    }

    int ofPrompt(String prompt) {
        return encode.apply(prompt).length + (addsBeginOfText ? 1 : 0);
    }

    /** At least 1: an empty piece is a token without text, such as the end of the answer. */
    int ofPiece(String piece) {
        if (piece.chars().allMatch(character -> character < 0x80)) {
            return 1;
        }
        int[] ids = encode.apply(piece);
        boolean prefixed =
                ids.length > 1
                        && !piece.startsWith(" ")
                        && decode.apply(new int[] {ids[0]}).isBlank();
        return Math.max(1, prefixed ? ids.length - 1 : ids.length);
    }
}
