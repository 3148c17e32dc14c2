package dev.atrium.portal.home;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.address.Addresses;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.design.Tile;
import dev.atrium.portal.gateway.Curl;
import dev.atrium.portal.quota.CloseQuotas;
import dev.atrium.portal.quota.RequestNotes;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.usage.UsagePreview;
import dev.atrium.registry.api.identity.Me;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.Locale;

@Route("")
@Menu(title = "nav.home", order = 0, icon = "home")
@PermitAll
class HomeView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private final transient CurrentUser currentUser;
    private final transient Overviews overviews;
    private final transient Addresses addresses;
    private final transient Clock clock;

    HomeView(CurrentUser currentUser, Overviews overviews, Addresses addresses, Clock clock) {
        this.currentUser = currentUser;
        this.overviews = overviews;
        this.addresses = addresses;
        this.clock = clock;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        removeAll();
        Me me = currentUser.get();
        Overview overview = overviews.load(me);
        add(
                new PageHeader(
                        getTranslation("home.greeting", me.displayName()),
                        getTranslation("home.lead", me.tenant().name())));
        if (!overview.closeLimits().isEmpty()) {
            add(new CloseQuotas(overview.closeLimits()));
        }
        add(new RequestNotes(overview.answers(), overview.waiting()));
        FirstSteps steps = new FirstSteps(overview, me);
        if (steps.isOpen()) {
            add(steps);
        }
        add(createTiles(overview));
        if (overview.calls() > 0) {
            add(new UsagePreview(overview.hours(), clock.instant()));
        }
        add(createCall(overview));
    }

    @Override
    public String getPageTitle() {
        return "Atrium";
    }

    private Div createTiles(Overview overview) {
        Locale locale = getLocale();
        double failedShare =
                overview.calls() == 0 ? 0 : (double) overview.failed() / overview.calls();
        return Tile.row(
                new Tile(
                        "tile-models",
                        getTranslation("home.models"),
                        Amounts.compact(overview.readyModels(), locale),
                        getTranslation("home.models.note", overview.visibleModels())),
                new Tile(
                        "tile-keys",
                        getTranslation("home.keys"),
                        overview.activeKeys()
                                .map(keys -> Amounts.compact(keys, locale))
                                .orElse("—"),
                        ""),
                new Tile(
                        "tile-calls",
                        getTranslation("home.calls"),
                        Amounts.compact(overview.calls(), locale),
                        getTranslation("home.period")),
                new Tile(
                                "tile-failed",
                                getTranslation("home.failed"),
                                Amounts.compact(overview.failed(), locale),
                                overview.calls() == 0
                                        ? getTranslation("home.period")
                                        : Amounts.percent(failedShare, locale))
                        .alarming(failedShare > 0.1));
    }

    private Component createCall(Overview overview) {
        CodeBlock curl =
                new CodeBlock(
                        Curl.example(
                                addresses.gateway(),
                                Curl.KEY_VARIABLE,
                                overview.example().orElse(null)));
        curl.setId("home-curl");
        return new Panel(getTranslation("home.call"), curl)
                .hint(getTranslation("home.call.hint", addresses.gateway()));
    }
}
