package dev.atrium.node.engine.llm;

import dev.atrium.node.engine.ChatPiece;
import dev.atrium.node.engine.ChatUsage;
import java.util.List;
import java.util.function.Consumer;

/** The progress of one answer: what may be shown, what it used, and why it ended. */
final class Generation {
    private static final String STOP = "stop";
    private static final String LENGTH = "length";

    /** Known, not unknown: {@link LlamaChat} lets llama.cpp keep no prompt for the next one. */
    private static final long FROM_CACHE = 0;

    private final StopTexts stops;
    private final int inputTokens;
    private final int limit;
    private final Consumer<ChatPiece> pieces;
    private int outputTokens;
    private boolean lastWasEmpty;

    Generation(List<String> stops, int inputTokens, int limit, Consumer<ChatPiece> pieces) {
        this.stops = new StopTexts(stops);
        this.inputTokens = inputTokens;
        this.limit = limit;
        this.pieces = pieces;
    }

    void add(String text, int tokens) {
        outputTokens = Math.min(limit, outputTokens + tokens);
        lastWasEmpty = text.isEmpty();
        String shown = stops.add(text);
        if (!shown.isEmpty()) {
            pieces.accept(new ChatPiece(shown, null, usage()));
        }
    }

    /** Whether a stop text was found, after which nothing more is wanted. */
    boolean isStopped() {
        return stops.isFound();
    }

    void finish() {
        String rest = stops.rest();
        if (!rest.isEmpty()) {
            pieces.accept(new ChatPiece(rest, null, usage()));
        }
        pieces.accept(new ChatPiece("", reason(), usage()));
    }

    /** The model's own end is a token without text; a full answer ends with text. */
    private String reason() {
        boolean ended = stops.isFound() || lastWasEmpty || outputTokens < limit;
        return ended ? STOP : LENGTH;
    }

    ChatUsage usage() {
        return new ChatUsage(inputTokens, outputTokens, FROM_CACHE);
    }
}
