package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Paragraph;

/** The sentence under a form that says what it means; read aloud when it changes. */
final class Previews {
    private Previews() {}

    static Paragraph create() {
        Paragraph preview = new Paragraph();
        preview.setId("policy-preview");
        preview.addClassName("policy-preview");
        preview.getElement().setAttribute("role", "status");
        return preview;
    }
}
