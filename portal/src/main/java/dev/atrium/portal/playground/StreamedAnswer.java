package dev.atrium.portal.playground;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.UIDetachedException;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.gateway.ChatListener;
import dev.atrium.portal.gateway.GatewayException;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Brings a stream to the page, several words at a time: a message to the browser for each token
 * would be slower than the model.
 */
final class StreamedAnswer implements ChatListener {
    private static final long PAUSE_NANOS = 50_000_000;

    private final UI ui;
    private final ChatBubble bubble;
    private final Consumer<String> whenFinished;
    private final StringBuilder waiting = new StringBuilder();
    private final StringBuilder whole = new StringBuilder();
    private long shownAt;

    StreamedAnswer(UI ui, ChatBubble bubble, Consumer<String> whenFinished) {
        this.ui = ui;
        this.bubble = bubble;
        this.whenFinished = whenFinished;
    }

    @Override
    public void onText(String text) {
        waiting.append(text);
        whole.append(text);
        if (System.nanoTime() - shownAt > PAUSE_NANOS) {
            showWaiting();
        }
    }

    @Override
    public void onEnd(ChatUsage usage) {
        Locale locale = ui.getLocale();
        finish(() ->
                Trial.facts(
                        text("fact.tokens.in", Amounts.count(usage.inputTokens(), locale)),
                        text("fact.tokens.out", Amounts.count(usage.outputTokens(), locale)),
                        text("fact.first", Amounts.duration(usage.firstText(), locale)),
                        text("fact.took", Amounts.duration(usage.took(), locale))));
    }

    @Override
    public void onStopped() {
        finish(() -> Trial.facts(text("chat.stopped")));
    }

    @Override
    public void onFailure(GatewayException failure) {
        finish(() -> Trial.refusal(failure));
    }

    private void showWaiting() {
        String text = waiting.toString();
        waiting.setLength(0);
        shownAt = System.nanoTime();
        access(() -> bubble.append(text));
    }

    private void finish(java.util.function.Supplier<Component> note) {
        showWaiting();
        access(() -> {
            bubble.end(note.get());
            whenFinished.accept(whole.toString());
        });
    }

    private void access(Runnable change) {
        try {
            ui.access(change::run);
        } catch (UIDetachedException e) {
            // The reader has left the page; there is nobody to show it to.
            waiting.setLength(0);
        }
    }

    private static String text(String key, Object... values) {
        return I18NProvider.translate(key, values);
    }
}
