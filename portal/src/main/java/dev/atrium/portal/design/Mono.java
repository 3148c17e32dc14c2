package dev.atrium.portal.design;

import com.vaadin.flow.component.html.Code;

/** An id, hint, digest or name as machines write it. */
public final class Mono extends Code {
    public Mono(String text) {
        super(text);
        addClassName("mono");
    }

    /** Shows the beginning; the whole is in the tooltip. */
    public static Mono shortened(String text, int length) {
        if (text.length() <= length) {
            return new Mono(text);
        }
        Mono mono = new Mono(text.substring(0, length) + "…");
        mono.setTitle(text);
        return mono;
    }
}
