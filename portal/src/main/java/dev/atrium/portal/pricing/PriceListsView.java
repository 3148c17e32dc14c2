package dev.atrium.portal.pricing;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouteParam;
import com.vaadin.flow.router.RouteParameters;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.ListPage;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryPrices;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.pricing.PriceList;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;

@Route("admin/price-lists")
@Menu(title = "nav.prices", order = 107, icon = "usage")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class PriceListsView extends Div implements ListPage {
    private final transient RegistryPrices prices;
    private final transient Clock clock;
    private final DataTable<PriceList> table;

    PriceListsView(RegistryPrices prices, Clock clock) {
        this.prices = prices;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        Button create =
                ActionButton.primary(
                        "create-price-list",
                        Icon.ADD,
                        getTranslation("prices.create"),
                        () -> new CreatePriceListDialog(prices, this::reload).open());
        add(header().actions(create), TitledPage.card(table));
    }

    @Override
    public String texts() {
        return "prices";
    }

    private DataTable<PriceList> createTable() {
        return new DataTable<PriceList>("price-lists", getTranslation("prices.title"))
                .name(
                        getTranslation("prices.name"),
                        list -> new RowName(list.name(), new Span(list.currency())))
                .column(getTranslation("prices.for"), this::createUse)
                .column(
                        getTranslation("prices.created"),
                        list -> Moments.ago(list.createdAt(), clock.instant()))
                .actions(this::createActions)
                .rowId(list -> "price-list-" + list.id())
                .whenEmpty(
                        new EmptyState(
                                Icon.USAGE,
                                getTranslation("prices.empty.title"),
                                getTranslation("prices.empty.text")));
    }

    private Component createUse(PriceList list) {
        return list.defaultList()
                ? new Badge(Tone.GOOD, getTranslation("prices.everybody"))
                : new Span(
                        getTranslation(
                                "prices.tenants", Amounts.count(list.tenants(), getLocale())));
    }

    private Component createActions(PriceList list) {
        Div actions =
                new Div(
                        ActionButton.inRow(
                                "open-" + list.id(),
                                getTranslation("prices.open"),
                                getTranslation("prices.open.named", list.name()),
                                () ->
                                        UI.getCurrent()
                                                .navigate(
                                                        PriceListView.class,
                                                        new RouteParameters(
                                                                new RouteParam(
                                                                        PriceListView.LIST,
                                                                        list.id().toString())))));
        actions.addClassNames("actions", "end");
        return actions;
    }

    @Override
    public void reload() {
        table.load(prices::lists);
    }
}
