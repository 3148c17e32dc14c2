package dev.atrium.portal.design;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;

/** A button by its place: the one main action of a page, or one of several in a row. */
public final class ActionButton extends Button {
    private ActionButton(String id, String text, Runnable action) {
        super(text, click -> action.run());
        setId(id);
    }

    public static ActionButton primary(String id, Icon icon, String text, Runnable action) {
        ActionButton button = new ActionButton(id, text, action);
        button.setIcon(icon.create());
        button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        return button;
    }

    /**
     * A quiet button in a row of a list.
     *
     * @param named the same with the row's name, for people who do not see the row
     */
    public static ActionButton inRow(String id, String text, String named, Runnable action) {
        ActionButton button = new ActionButton(id, text, action);
        button.addThemeVariants(ButtonVariant.LUMO_TERTIARY, ButtonVariant.LUMO_SMALL);
        button.setAriaLabel(named);
        return button;
    }

    /** Marks an action that takes something away. */
    public ActionButton dangerous() {
        addThemeVariants(ButtonVariant.LUMO_ERROR);
        return this;
    }
}
