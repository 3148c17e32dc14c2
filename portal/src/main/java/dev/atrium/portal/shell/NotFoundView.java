package dev.atrium.portal.shell;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.ErrorParameter;
import com.vaadin.flow.router.HasErrorParameter;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.ParentLayout;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import jakarta.servlet.http.HttpServletResponse;

/** An address that leads nowhere, or to a page that this role may not open: told the same. */
@ParentLayout(MainLayout.class)
@AnonymousAllowed
class NotFoundView extends Div implements HasErrorParameter<NotFoundException> {
    NotFoundView() {
        addClassName("page");
        setId("not-found");
    }

    @Override
    public int setErrorParameter(
            BeforeEnterEvent event, ErrorParameter<NotFoundException> parameter) {
        removeAll();
        Anchor home = new Anchor("", getTranslation("error.home"));
        home.addClassName("button-link");
        add(
                new EmptyState(
                        Icon.SEARCH,
                        getTranslation("error.notfound.title"),
                        getTranslation("error.notfound.text"),
                        home));
        return HttpServletResponse.SC_NOT_FOUND;
    }
}
