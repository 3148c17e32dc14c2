package dev.atrium.portal.design;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;

/** One number that matters, with what it counts. */
public final class Tile extends Div {
    public Tile(String id, String label, String value, String note) {
        setId(id);
        addClassName("tile");
        Span name = new Span(label);
        name.addClassName("tile-label");
        Span number = new Span(value);
        number.addClassName("tile-value");
        add(name, number);
        Span line = new Span(note);
        line.addClassName("tile-note");
        add(line);
    }

    /** Marks a number that somebody should look at. */
    public Tile alarming(boolean isAlarming) {
        setClassName("alarming", isAlarming);
        return this;
    }

    public static Div row(Tile... tiles) {
        Div row = new Div(tiles);
        row.addClassName("tiles");
        return row;
    }
}
