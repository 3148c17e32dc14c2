package dev.atrium.portal.design;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;

/** Stands where there is nothing yet, and says what to do next. */
public final class EmptyState extends Div {
    public EmptyState(Icon icon, String title, String text, Component... actions) {
        addClassName("empty-state");
        Div sign = new Div(icon.create());
        sign.addClassName("empty-icon");
        H2 heading = new H2(title);
        Paragraph line = new Paragraph(text);
        add(sign, heading, line);
        if (actions.length > 0) {
            Div row = new Div(actions);
            row.addClassName("actions");
            add(row);
        }
    }
}
