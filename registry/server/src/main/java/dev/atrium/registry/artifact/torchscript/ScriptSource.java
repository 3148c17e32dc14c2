package dev.atrium.registry.artifact.torchscript;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The source text of one class file of the archive, checked against the operator allow list however
 * an operator is reached: as {@code torch.x}, {@code ops.namespace.x}, as a method of a tensor, or
 * by name through {@code getattr}.
 */
final class ScriptSource {
    private static final int MAX_TOKENS = 2_000_000;
    private static final ScriptToken NONE = new ScriptToken(ScriptToken.Kind.LINE, "");
    private static final Set<String> NATIVE_CLASSES = Set.of("quantized", "rnn");

    /** Methods of libtorch's packed parameters. */
    private static final Set<String> NATIVE_METHODS =
            Set.of("unpack", "bias", "set_bias", "__getstate__", "__setstate__");

    private final String member;
    private final List<ScriptToken> tokens = new ArrayList<>();

    ScriptSource(String member, String source) {
        this.member = member;
        ScriptLexer lexer = new ScriptLexer(member, source);
        ScriptNesting nesting = new ScriptNesting(member);
        for (ScriptToken token = lexer.next(); token != null; token = lexer.next()) {
            nesting.follow(token);
            tokens.add(token);
            if (tokens.size() > MAX_TOKENS) {
                throw refused("is longer than any real model's");
            }
        }
    }

    /** Names of the classes and functions that this file defines. */
    Set<String> definitions() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            String word = word(i);
            if (word.equals("def") || word.equals("class")) {
                names.add(word(i + 1));
            }
        }
        return names;
    }

    /**
     * @param defined what all files of the archive define
     */
    void requireAllowed(Set<String> defined) {
        for (int i = 0; i < tokens.size(); i++) {
            if (!token(i).isWord()) {
                continue;
            }
            if (token(i - 1).is(".")) {
                requireMember(i, defined);
            } else {
                requireName(i);
            }
        }
    }

    private void requireName(int i) {
        switch (word(i)) {
            case "torch" -> requireOperator("aten", i + 1);
            case "ops" -> requireOperator(memberAfter(i), i + 3);
            case "__torch__" -> requireClass(i);
            case "getattr", "hasattr", "setattr" -> requireLiteralName(i);
            default -> {
                // A local name, a type or a keyword.
            }
        }
    }

    private void requireOperator(String namespace, int dot) {
        String name = token(dot).is(".") ? word(dot + 1) : "";
        if (!ScriptOperators.isAllowed(namespace, name)) {
            throw refused(
                    "uses the operator "
                            + namespace
                            + "::"
                            + (name.isEmpty() ? "(hidden)" : name)
                            + ", which is not on the list of operators that may run here");
        }
    }

    private void requireClass(int i) {
        boolean nativeClass =
                memberAfter(i).equals("torch") && memberAfter(i + 2).equals("classes");
        if (nativeClass && !NATIVE_CLASSES.contains(memberAfter(i + 4))) {
            throw refused("uses the native class " + memberAfter(i + 4));
        }
    }

    private void requireMember(int i, Set<String> defined) {
        String name = word(i);
        boolean called = token(i + 1).is("(");
        boolean known =
                !called
                        || defined.contains(name)
                        || NATIVE_METHODS.contains(name)
                        || ScriptOperators.isAllowed("aten", name)
                        || ScriptOperators.isAllowed("prim", name)
                        || (token(i - 3).is(".") && word(i - 4).equals("ops"));
        if (ScriptOperators.isDenied(name) || !known) {
            throw refused(
                    "uses "
                            + name
                            + ", which is neither defined in the archive nor on the list of"
                            + " operators that may run here");
        }
    }

    /** {@code getattr(x, "name")}: one plain text, so that no name is put together from parts. */
    private void requireLiteralName(int i) {
        int depth = 0;
        for (int at = i + 1; at < tokens.size(); at++) {
            ScriptToken token = token(at);
            if (token.is("(")) {
                depth++;
            } else if (token.is(")") && --depth == 0) {
                return;
            } else if (token.kind() == ScriptToken.Kind.STRING) {
                boolean joined = token(at - 1).kind() == ScriptToken.Kind.STRING;
                if (joined
                        || token.text().contains("\\")
                        || ScriptOperators.isDenied(token.text())) {
                    throw refused("reaches for '" + token.text() + "' by name");
                }
            } else if (depth == 0) {
                break;
            }
        }
        throw refused("uses " + word(i) + " in an unusual way");
    }

    private String memberAfter(int i) {
        return token(i + 1).is(".") ? word(i + 2) : "";
    }

    private ScriptToken token(int i) {
        return i >= 0 && i < tokens.size() ? tokens.get(i) : NONE;
    }

    private String word(int i) {
        return token(i).isWord() ? token(i).text() : "";
    }

    private ArtifactRejectedException refused(String what) {
        return new ArtifactRejectedException("the source " + member + " of the archive " + what);
    }
}
