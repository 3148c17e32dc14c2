package dev.atrium.registry.artifact.torchscript;

/** A token of serialized TorchScript source. */
record ScriptToken(Kind kind, String text) {
    enum Kind {
        WORD,
        NUMBER,
        STRING,
        SYMBOL,
        /** End of a logical line; the text is the indentation of the next one. */
        LINE
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isWord() {
        return kind == Kind.WORD;
    }
}
