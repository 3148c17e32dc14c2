package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryProjects;
import dev.atrium.portal.registry.RegistryRequests;
import dev.atrium.portal.security.Permissions;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;

/** Requests for more in the owner's tenant. */
@Route("requests")
@Menu(title = "nav.requests", order = 46, icon = "request")
@RolesAllowed(Permissions.QUOTA_ADMIN)
class RequestsView extends Div implements BeforeEnterObserver, TitledPage {
    private final RequestBoard board;

    RequestsView(
            RegistryRequests requests,
            RegistryProjects projects,
            RegistryApiKeys keys,
            CurrentUser currentUser,
            Clock clock) {
        addClassName("page");
        board =
                new RequestBoard(
                        requests.own(),
                        PolicyWords.ofPage(
                                getLocale(), SubjectNames.load(projects, keys, currentUser)),
                        Rights.OWNER,
                        clock);
        add(header().actions(board.filter()), board);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        board.enter(event);
    }

    @Override
    public String texts() {
        return "requests";
    }
}
