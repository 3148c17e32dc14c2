package dev.atrium.portal.usage;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.tabs.Tab;
import com.vaadin.flow.component.tabs.Tabs;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.calls.CallTable;
import dev.atrium.portal.calls.CallerNames;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.design.Tile;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.CallSearch;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryUsage;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.usage.CarbonSum;
import dev.atrium.registry.api.usage.EnergySum;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageGrouping;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

@Route(UsageNavigation.PATH)
@Menu(title = "nav.usage", order = 40, icon = "usage")
@RolesAllowed(Permissions.USAGE_READ)
class UsageView extends Div implements BeforeEnterObserver, TitledPage {
    private static final String PERIOD = "period";
    private static final String BY = "by";
    private static final List<UsageGrouping> GROUPINGS =
            List.of(
                    UsageGrouping.MODEL,
                    UsageGrouping.PRINCIPAL,
                    UsageGrouping.OPERATION,
                    UsageGrouping.LABEL);

    private final transient RegistryUsage usage;
    private final transient RegistryApiKeys keys;
    private final transient CurrentUser currentUser;
    private final transient Clock clock;

    UsageView(RegistryUsage usage, RegistryApiKeys keys, CurrentUser currentUser, Clock clock) {
        this.usage = usage;
        this.keys = keys;
        this.currentUser = currentUser;
        this.clock = clock;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        QueryParameters query = event.getLocation().getQueryParameters();
        UsagePeriod period = UsagePeriod.of(query.getSingleParameter(PERIOD).orElse(""));
        UsageGrouping grouping = grouping(query.getSingleParameter(BY).orElse(""));
        show(period, grouping);
    }

    @Override
    public String texts() {
        return "usage";
    }

    private void show(UsagePeriod period, UsageGrouping grouping) {
        Instant now = clock.instant();
        Instant from = period.from(now);
        List<UsageBucket> hours = usage.hourly(from, now, UsageGrouping.NONE);
        removeAll();
        add(createHeader(period, grouping));
        UsageTotal total = UsageTotal.of(hours);
        if (total.calls() == 0) {
            Div card =
                    new Div(
                            new EmptyState(
                                    Icon.USAGE,
                                    getTranslation("usage.empty.title"),
                                    getTranslation("usage.empty.text")));
            card.addClassName("panel");
            add(card);
            return;
        }
        CallerNames names = CallerNames.load(keys, currentUser);
        add(createTiles(total), createChart(period, hours, now));
        add(createTotals(period, grouping, from, now, names));
        Panel calls =
                new Panel(getTranslation("usage.calls"), createCalls(total, from, now, names));
        add(calls.flush().hint(getTranslation("usage.calls.hint")));
    }

    private CallTable createCalls(UsageTotal total, Instant from, Instant now, CallerNames names) {
        CallTable table = new CallTable(names);
        if (total.energy() != null) {
            table.withEnergy();
        }
        return table.load(usage, CallSearch.all(from, now));
    }

    private PageHeader createHeader(UsagePeriod period, UsageGrouping grouping) {
        Tabs tabs = new Tabs();
        tabs.setId("usage-period");
        tabs.addThemeName("segmented");
        for (UsagePeriod each : UsagePeriod.values()) {
            Tab tab = new Tab(getTranslation("usage.period." + each.key()));
            tab.setId("period-" + each.key());
            tabs.add(tab);
        }
        tabs.setSelectedIndex(period.ordinal());
        tabs.addSelectedChangeListener(
                change -> go(UsagePeriod.values()[tabs.getSelectedIndex()], grouping));
        return header().actions(tabs);
    }

    private Div createTiles(UsageTotal total) {
        Locale locale = getLocale();
        double failed = (double) total.failed() / total.calls();
        Media media = total.media();
        Tile cost = new Tile("tile-cost", getTranslation("usage.cost"), total.cost(locale), "");
        cost.setVisible(!total.costs().isEmpty());
        return Tile.row(
                new Tile(
                        "tile-calls",
                        getTranslation("usage.calls.count"),
                        Amounts.compact(total.calls(), locale),
                        ""),
                new Tile(
                                "tile-failed",
                                getTranslation("usage.failed"),
                                Amounts.compact(total.failed(), locale),
                                Amounts.percent(failed, locale))
                        .alarming(failed > 0.1),
                new Tile(
                        "tile-input",
                        getTranslation("usage.tokens.in"),
                        Amounts.compact(total.inputTokens(), locale),
                        ""),
                new Tile(
                        "tile-output",
                        getTranslation("usage.tokens.out"),
                        Amounts.compact(total.outputTokens(), locale),
                        ""),
                new Tile(
                        "tile-compute",
                        getTranslation("usage.compute"),
                        Amounts.duration(total.compute(), locale),
                        ""),
                createMedia("images", media.images(), Amounts.compact(media.images(), locale)),
                createMedia(
                        "audio", media.audioMillis(), Amounts.seconds(media.audioMillis(), locale)),
                cost,
                createEnergy(total),
                createCarbon(total));
    }

    /** Where there is none of it, it is not shown. */
    private Tile createMedia(String kind, long amount, String text) {
        Tile tile = new Tile("tile-" + kind, getTranslation("usage." + kind), text, "");
        tile.setVisible(amount > 0);
        return tile;
    }

    private Tile createEnergy(UsageTotal total) {
        EnergySum energy = total.energy();
        return createFootprint(
                "energy", total.energy(getLocale()), energy == null ? 0 : energy.calls(), total);
    }

    private Tile createCarbon(UsageTotal total) {
        CarbonSum carbon = total.carbon();
        return createFootprint(
                "carbon", total.carbon(getLocale()), carbon == null ? 0 : carbon.calls(), total);
    }

    /** Says of how many calls it is known, lest it is taken for all of them. */
    private Tile createFootprint(String what, String value, long known, UsageTotal total) {
        String method = total.isMeasured() ? "usage.measured" : "usage.modelled";
        Tile tile =
                new Tile(
                        "tile-" + what,
                        getTranslation("usage." + what),
                        value,
                        getTranslation(
                                method,
                                Amounts.compact(known, getLocale()),
                                Amounts.compact(total.calls(), getLocale())));
        tile.setVisible(known > 0);
        return tile;
    }

    private Panel createChart(UsagePeriod period, List<UsageBucket> hours, Instant now) {
        return new Panel(
                getTranslation("usage.chart." + period.key()),
                UsageChart.of(period, period.columns(hours, now, Moments.zone()), getLocale()));
    }

    private Component createTotals(
            UsagePeriod period,
            UsageGrouping grouping,
            Instant from,
            Instant now,
            CallerNames names) {
        Tabs tabs = new Tabs();
        tabs.setId("usage-by");
        tabs.addThemeName("segmented");
        for (UsageGrouping each : GROUPINGS) {
            tabs.add(new Tab(getTranslation("usage.by." + each.name().toLowerCase(Locale.ROOT))));
        }
        tabs.setSelectedIndex(GROUPINGS.indexOf(grouping));
        tabs.addSelectedChangeListener(
                change -> go(period, GROUPINGS.get(tabs.getSelectedIndex())));
        List<UsageTotal> totals = UsageTotal.byGroup(usage.hourly(from, now, grouping));
        return new Panel(getTranslation("usage.totals"), new TotalsTable(totals, grouping, names))
                .actions(tabs)
                .flush();
    }

    private void go(UsagePeriod period, UsageGrouping grouping) {
        UI.getCurrent()
                .navigate(
                        UsageView.class,
                        QueryParameters.simple(
                                Map.of(
                                        PERIOD,
                                        period.key(),
                                        BY,
                                        grouping.name().toLowerCase(Locale.ROOT))));
    }

    private static UsageGrouping grouping(String key) {
        return GROUPINGS.stream()
                .filter(each -> each.name().equalsIgnoreCase(key))
                .findFirst()
                .orElse(UsageGrouping.MODEL);
    }
}
