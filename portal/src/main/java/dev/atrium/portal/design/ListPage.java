package dev.atrium.portal.design;

import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;

/** A page that reads its list anew whenever it is entered. */
public interface ListPage extends TitledPage, BeforeEnterObserver {
    void reload();

    @Override
    default void beforeEnter(BeforeEnterEvent event) {
        reload();
    }
}
