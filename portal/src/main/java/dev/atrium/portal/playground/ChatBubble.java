package dev.atrium.portal.playground;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.markdown.Markdown;
import com.vaadin.flow.i18n.I18NProvider;

/** One turn of the conversation. */
final class ChatBubble extends Div {
    private final Markdown text = new Markdown();
    private final Div foot = new Div();

    private ChatBubble(String kind, String speaker) {
        addClassNames("bubble", kind);
        Span who = new Span(speaker);
        who.addClassName("visually-hidden");
        add(who);
    }

    static ChatBubble question(String text) {
        ChatBubble bubble = new ChatBubble("question", I18NProvider.translate("chat.you"));
        Paragraph words = new Paragraph(text);
        words.addClassName("preserve-lines");
        bubble.add(words);
        return bubble;
    }

    static ChatBubble answer() {
        ChatBubble bubble = new ChatBubble("answer", I18NProvider.translate("chat.model"));
        bubble.addClassName("streaming");
        bubble.foot.addClassName("bubble-foot");
        bubble.add(bubble.text, bubble.foot);
        return bubble;
    }

    void append(String more) {
        text.appendContent(more);
    }

    void end(com.vaadin.flow.component.Component note) {
        removeClassName("streaming");
        foot.removeAll();
        foot.add(note);
    }
}
