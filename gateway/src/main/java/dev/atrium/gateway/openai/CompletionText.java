package dev.atrium.gateway.openai;

import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.NodeUsage;

/** A generation that is collected to be answered at once. */
final class CompletionText {
    private final StringBuilder text = new StringBuilder();
    private String finishReason = "stop";
    private NodeUsage usage = NodeUsage.NONE;

    void add(ChatDelta delta) {
        text.append(delta.text());
        usage = delta.usage();
        if (delta.finishReason() != null) {
            finishReason = delta.finishReason();
        }
    }

    String text() {
        return text.toString();
    }

    String finishReason() {
        return finishReason;
    }

    NodeUsage usage() {
        return usage;
    }
}
