package dev.atrium.portal.design;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Header;
import com.vaadin.flow.component.html.Paragraph;

/** The top of a page: its name, one sentence, and what can be done on it. */
public final class PageHeader extends Header {
    private final Div actions = new Div();
    private final Div heading = new Div();

    public PageHeader(String title, String description) {
        addClassName("page-header");
        H1 name = new H1(title);
        heading.add(name);
        heading.addClassName("page-heading");
        if (!description.isBlank()) {
            Paragraph line = new Paragraph(description);
            line.addClassName("lead");
            heading.add(line);
        }
        actions.addClassName("actions");
        add(heading, actions);
    }

    /** Puts something above the title, such as the way back. */
    public PageHeader above(Component component) {
        heading.addComponentAsFirst(component);
        return this;
    }

    /** Puts something below the title, such as badges. */
    public PageHeader below(Component... components) {
        Div row = new Div(components);
        row.addClassName("badges");
        heading.add(row);
        return this;
    }

    public PageHeader actions(Component... components) {
        actions.add(components);
        return this;
    }
}
