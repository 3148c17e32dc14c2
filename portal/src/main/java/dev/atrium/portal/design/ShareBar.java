package dev.atrium.portal.design;

import com.vaadin.flow.component.html.Div;

/** A short bar that is filled to a share; the number stands beside it. */
public final class ShareBar extends Div {
    private final Div fill = new Div();

    public ShareBar(double share) {
        fill.addClassName("share-fill");
        fill.setWidth(Math.round(share * 100) + "%");
        add(fill);
        addClassName("share");
    }

    public ShareBar alarming(boolean isAlarming) {
        fill.setClassName("alarming", isAlarming);
        return this;
    }
}
