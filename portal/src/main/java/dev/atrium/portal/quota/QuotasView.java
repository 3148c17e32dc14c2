package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.registry.RegistryProjects;
import dev.atrium.portal.registry.RegistryQuotas;
import dev.atrium.portal.registry.RegistryRequests;
import dev.atrium.portal.security.Permissions;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;

@Route(QuotasNavigation.PATH)
@Menu(title = "nav.quotas", order = 45, icon = "quota")
@RolesAllowed({Permissions.USAGE_READ, Permissions.QUOTA_ADMIN})
class QuotasView extends Div implements BeforeEnterObserver, TitledPage {
    private final transient RegistryQuotas quotas;
    private final transient RegistryRequests requests;
    private final transient RegistryProjects projects;
    private final transient RegistryApiKeys keys;
    private final transient RegistryModels models;
    private final transient CurrentUser currentUser;
    private final transient Clock clock;

    QuotasView(
            RegistryQuotas quotas,
            RegistryRequests requests,
            RegistryProjects projects,
            RegistryApiKeys keys,
            RegistryModels models,
            CurrentUser currentUser,
            Clock clock) {
        this.quotas = quotas;
        this.requests = requests;
        this.projects = projects;
        this.keys = keys;
        this.models = models;
        this.currentUser = currentUser;
        this.clock = clock;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        removeAll();
        Rights rights = Rights.in(currentUser);
        PolicyWords words =
                PolicyWords.ofPage(getLocale(), SubjectNames.load(projects, keys, currentUser));
        QuotaBoard board =
                new QuotaBoard(
                        quotas.own(),
                        new MyRequests(requests, words, clock),
                        () -> SubjectChoices.own(projects, keys, models, currentUser),
                        words,
                        rights,
                        currentUser.get().tenant().timeZone(),
                        clock);
        board.reload();
        PageHeader header = header();
        add(rights.mayCreate() ? header.actions(board.createButton("create-policy")) : header);
        add(board);
    }

    @Override
    public String texts() {
        return "quotas";
    }
}
