package dev.atrium.portal.home;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.registry.api.identity.Me;
import jakarta.annotation.security.PermitAll;

@Route("")
@Menu(title = "nav.home", order = 0, icon = "home")
@PermitAll
class HomeView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private final transient CurrentUser currentUser;

    HomeView(CurrentUser currentUser) {
        this.currentUser = currentUser;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        removeAll();
        Me me = currentUser.get();
        add(
                new PageHeader(
                        getTranslation("home.greeting", me.displayName()),
                        getTranslation("home.lead", me.tenant().name())));
    }

    @Override
    public String getPageTitle() {
        return "Atrium";
    }
}
