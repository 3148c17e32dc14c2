package dev.atrium.portal.design;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;

/** The cell that names a row, with what tells it apart below. */
public final class RowName extends Div {
    public RowName(String name, Component... below) {
        add(title(name));
        add(below);
        addClassName("stack");
    }

    public static Span title(String name) {
        Span title = new Span(name);
        title.addClassName("row-title");
        return title;
    }
}
