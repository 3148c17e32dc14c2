package dev.atrium.portal.design;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Section;

/** A card with a title, and actions beside it. */
public final class Panel extends Section {
    private final Div head = new Div();
    private final Div actions = new Div();
    private final Div body = new Div();

    public Panel(String title, Component... content) {
        addClassName("panel");
        H2 heading = new H2(title);
        head.add(heading, actions);
        head.addClassName("panel-head");
        actions.addClassName("actions");
        body.addClassName("panel-body");
        body.add(content);
        add(head, body);
        setAriaLabel(title);
    }

    public Panel hint(String text) {
        Paragraph hint = new Paragraph(text);
        hint.addClassName("hint");
        addComponentAtIndex(1, hint);
        return this;
    }

    public Panel actions(Component... components) {
        actions.add(components);
        return this;
    }

    /** Lets the content reach the card's edges, as tables do. */
    public Panel flush() {
        addClassName("flush");
        return this;
    }

    public void setContent(Component... content) {
        body.removeAll();
        body.add(content);
    }
}
