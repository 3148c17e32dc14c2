package dev.atrium.registry.artifact.torchscript;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts TorchScript source into tokens the way libtorch does: comments and escaped line ends vanish,
 * line ends inside brackets do not count. Everything outside of texts and comments is ASCII.
 */
final class ScriptLexer {
    private static final int MAX_BRACKETS = 200;

    private final String member;
    private final String source;
    private int at;
    private int brackets;

    ScriptLexer(String member, String source) {
        this.member = member;
        this.source = source;
    }

    /** The next token; null at the end. */
    @Nullable ScriptToken next() {
        skipBlanks();
        if (at >= source.length()) {
            return null;
        }
        char c = source.charAt(at);
        if (c == '\n') {
            return line();
        }
        if (isWordStart(c)) {
            return word();
        }
        if (isDigit(c)) {
            return number();
        }
        if (c == '"' || c == '\'') {
            return string(c);
        }
        return symbol(c);
    }

    private void skipBlanks() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '#') {
                while (at < source.length() && source.charAt(at) != '\n') {
                    at++;
                }
            } else if (c == '\\') {
                skipEscapedLineEnd();
            } else if (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && brackets > 0)) {
                at++;
            } else {
                return;
            }
        }
    }

    private void skipEscapedLineEnd() {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) == '\r') {
            end++;
        }
        if (end >= source.length() || source.charAt(end) != '\n') {
            throw refused("has a stray backslash");
        }
        at = end + 1;
    }

    private ScriptToken line() {
        at++;
        int start = at;
        while (at < source.length() && (source.charAt(at) == ' ' || source.charAt(at) == '\t')) {
            at++;
        }
        return new ScriptToken(ScriptToken.Kind.LINE, source.substring(start, at));
    }

    private ScriptToken word() {
        int start = at;
        while (at < source.length()
                && (isWordStart(source.charAt(at)) || isDigit(source.charAt(at)))) {
            at++;
        }
        return new ScriptToken(ScriptToken.Kind.WORD, source.substring(start, at));
    }

    private ScriptToken number() {
        int start = at;
        while (at < source.length() && isPartOfNumber(start)) {
            at++;
        }
        return new ScriptToken(ScriptToken.Kind.NUMBER, source.substring(start, at));
    }

    private boolean isPartOfNumber(int start) {
        char c = source.charAt(at);
        boolean exponentSign =
                (c == '-' || c == '+')
                        && at > start
                        && (source.charAt(at - 1) == 'e' || source.charAt(at - 1) == 'E');
        return isDigit(c) || c == '.' || c == 'e' || c == 'E' || c == 'j' || exponentSign;
    }

    private ScriptToken string(char quote) {
        String triple = String.valueOf(quote).repeat(3);
        String end = source.startsWith(triple, at) ? triple : String.valueOf(quote);
        int start = at + end.length();
        at = start;
        while (!source.startsWith(end, at)) {
            if (at < source.length() && source.charAt(at) == '\\') {
                at++;
            }
            if (at >= source.length()) {
                throw refused("has a text without an end");
            }
            at++;
        }
        String text = source.substring(start, at);
        at += end.length();
        return new ScriptToken(ScriptToken.Kind.STRING, text);
    }

    private ScriptToken symbol(char c) {
        if (c > '~' || c < ' ') {
            throw refused("has characters that TorchScript source does not have");
        }
        if (c == '(' || c == '[' || c == '{') {
            brackets++;
        } else if (c == ')' || c == ']' || c == '}') {
            brackets--;
        }
        if (brackets > MAX_BRACKETS) {
            throw refused("nests expressions more than " + MAX_BRACKETS + " deep");
        }
        if (brackets < 0) {
            throw refused("closes a bracket that it never opened");
        }
        at++;
        return new ScriptToken(ScriptToken.Kind.SYMBOL, String.valueOf(c));
    }

    private static boolean isWordStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private ArtifactRejectedException refused(String what) {
        return new ArtifactRejectedException("the source " + member + " of the archive " + what);
    }
}
