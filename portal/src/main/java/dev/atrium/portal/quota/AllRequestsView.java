package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryRequests;
import dev.atrium.portal.security.Permissions;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;

/** Requests for more of all tenants, for platform admins. */
@Route("admin/requests")
@Menu(title = "nav.allrequests", order = 106, icon = "requests")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class AllRequestsView extends Div implements BeforeEnterObserver, TitledPage {
    private final RequestBoard board;

    AllRequestsView(RegistryRequests requests, Clock clock) {
        addClassName("page");
        board =
                new RequestBoard(
                        requests.all(),
                        PolicyWords.ofPage(getLocale(), SubjectNames.UNKNOWN),
                        Rights.PLATFORM,
                        clock);
        add(header().actions(board.filter()), board);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        board.enter(event);
    }

    @Override
    public String texts() {
        return "allrequests";
    }
}
