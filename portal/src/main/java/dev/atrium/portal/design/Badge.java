package dev.atrium.portal.design;

import com.vaadin.flow.component.html.Span;

/** One word of state with its colour; the word says it all without the colour. */
public final class Badge extends Span {
    /** What a state means to the person who reads it. */
    public enum Tone {
        GOOD,
        BUSY,
        BAD,
        QUIET
    }

    public Badge(Tone tone, String text) {
        super(text);
        addClassNames("badge", "badge-" + tone.name().toLowerCase(java.util.Locale.ROOT));
    }
}
