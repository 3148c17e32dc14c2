package dev.atrium.portal.calls;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.CallSearch;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryUsage;
import dev.atrium.portal.security.Permissions;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Route(CallsNavigation.PATH)
@Menu(title = "nav.calls", order = 41, icon = "calls")
@RolesAllowed(Permissions.USAGE_READ)
class CallsView extends Div implements BeforeEnterObserver, TitledPage {
    private final transient RegistryUsage usage;
    private final transient RegistryApiKeys keys;
    private final transient CurrentUser currentUser;
    private final transient Clock clock;
    private final Div results = new Div();
    private @Nullable CallFilter filter;

    CallsView(RegistryUsage usage, RegistryApiKeys keys, CurrentUser currentUser, Clock clock) {
        this.usage = usage;
        this.keys = keys;
        this.currentUser = currentUser;
        this.clock = clock;
        addClassName("page");
        results.addClassName("results");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        CallsQuery query = CallsQuery.of(event.getLocation().getQueryParameters());
        Instant now = clock.instant();
        CallerNames names = CallerNames.load(keys, currentUser);
        prepareFilter(query, names, now);
        show(query, names, now);
    }

    /** Who is typing in it goes on typing in the same one. */
    private void prepareFilter(CallsQuery query, CallerNames names, Instant now) {
        CallFilter present = filter;
        if (present == null || !present.query().equals(query)) {
            present = new CallFilter(query, names, now, CallsNavigation::toCalls);
            filter = present;
            removeAll();
            add(header().actions(new CallSearchField()), present, results);
        }
        present.adapt(query);
    }

    @Override
    public String texts() {
        return "calls";
    }

    private void show(CallsQuery query, CallerNames names, Instant now) {
        results.removeAll();
        if (!query.isPossible(now)) {
            results.add(
                    new EmptyState(
                            Icon.ALERT,
                            getTranslation("calls.impossible.title"),
                            getTranslation("calls.impossible.text")));
            return;
        }
        CallSearch search = query.search(now);
        results.add(
                new UnlistedNote(
                        query.wantsCounts()
                                ? usage.unlisted(search, UnlistedNote.MOST + 1).items()
                                : List.of()));
        Div card = new Div(new CallTable(names).whenEmpty(createEmpty(query)).load(usage, search));
        card.addClassNames("panel", "flush");
        results.add(card);
    }

    private EmptyState createEmpty(CallsQuery query) {
        if (!query.isFiltered()) {
            return new EmptyState(
                    Icon.CALLS,
                    getTranslation("calls.empty.title"),
                    getTranslation("calls.empty.text"));
        }
        Button clear =
                new Button(
                        getTranslation("calls.nomatch.clear"),
                        click -> CallsNavigation.toCalls(query.withoutFilter()));
        clear.setId("clear-filter");
        return new EmptyState(
                Icon.SEARCH,
                getTranslation("calls.nomatch.title"),
                getTranslation("calls.nomatch.text"),
                clear);
    }
}
