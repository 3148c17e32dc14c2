package dev.atrium.registry.artifact.torchscript;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import java.util.Set;

/**
 * Bounds what libtorch's recursive parser and compiler would descend into: blocks, chains of calls
 * and of operators. Too deep a nesting overflows its native stack and kills the process. (The lexer
 * bounds brackets.)
 */
final class ScriptNesting {
    private static final int MAX_INDENT = 400;
    private static final int MAX_CHAIN = 128;
    private static final int MAX_OPERATORS = 512;
    private static final int MAX_ELIF = 256;
    private static final int LEVELS = 256;
    private static final Set<String> OPERATOR_WORDS =
            Set.of("and", "or", "not", "if", "else", "is", "in");
    private static final String OPERATORS = "+-*/%<>!&|^~@";

    private final String member;
    private final int[] chains = new int[LEVELS];
    private final int[] operators = new int[LEVELS];
    private int level;
    private int elifs;
    private boolean afterValue;

    ScriptNesting(String member) {
        this.member = member;
    }

    void follow(ScriptToken token) {
        switch (token.kind()) {
            case LINE -> line(token.text().length());
            case SYMBOL -> symbol(token);
            case WORD -> word(token.text());
            case NUMBER, STRING -> afterValue = true;
        }
        if (chains[level] > MAX_CHAIN || operators[level] > MAX_OPERATORS || elifs > MAX_ELIF) {
            throw refused();
        }
    }

    private void line(int indent) {
        if (indent > MAX_INDENT) {
            throw refused();
        }
        restart();
    }

    private void word(String word) {
        if (word.equals("elif")) {
            elifs++;
        }
        if (OPERATOR_WORDS.contains(word)) {
            operators[level]++;
            afterValue = false;
        } else {
            afterValue = true;
        }
    }

    private void symbol(ScriptToken token) {
        switch (token.text()) {
            case "." -> chains[level]++;
            case "(", "[", "{" -> {
                chains[level] += afterValue ? 1 : 0;
                level++;
                restart();
            }
            case ")", "]", "}" -> {
                level--;
                afterValue = true;
            }
            case ",", ":", "=", ";" -> restart();
            default -> {
                operators[level] += OPERATORS.contains(token.text()) ? 1 : 0;
                chains[level] = 0;
                afterValue = false;
            }
        }
    }

    private void restart() {
        chains[level] = 0;
        operators[level] = 0;
        afterValue = false;
    }

    private ArtifactRejectedException refused() {
        return new ArtifactRejectedException(
                "the source " + member + " of the archive nests code too deeply");
    }
}
