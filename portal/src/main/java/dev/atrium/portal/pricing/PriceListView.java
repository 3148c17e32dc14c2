package dev.atrium.portal.pricing;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.registry.RegistryPrices;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.pricing.UnitPrices;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The prices of one list, former ones too. */
@Route("admin/price-lists/:" + PriceListView.LIST)
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class PriceListView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    static final String LIST = "listId";

    private final transient RegistryPrices prices;
    private final transient RegistryAdmin admin;
    private final transient Clock clock;
    private String title = "";

    PriceListView(RegistryPrices prices, RegistryAdmin admin, Clock clock) {
        this.prices = prices;
        this.admin = admin;
        this.clock = clock;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        Optional<PriceList> list =
                event.getRouteParameters()
                        .get(LIST)
                        .flatMap(PriceListView::id)
                        .flatMap(prices::find);
        list.ifPresentOrElse(this::show, () -> event.rerouteToError(NotFoundException.class));
    }

    private static Optional<PriceListId> id(String text) {
        try {
            return Optional.of(new PriceListId(UUID.fromString(text)));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    @Override
    public String getPageTitle() {
        return TitledPage.named(title);
    }

    private void show(PriceList list) {
        title = list.name();
        removeAll();
        DataTable<PriceEntry> table = createTable(list);
        table.load(cursor -> prices.prices(list.id(), cursor));
        add(createHeader(list), TitledPage.card(table));
    }

    private void reload(PriceList list) {
        prices.find(list.id()).ifPresent(this::show);
    }

    private PageHeader createHeader(PriceList list) {
        Anchor back =
                new Anchor(
                        "admin/price-lists",
                        Icon.BACK.create(),
                        new Span(getTranslation("prices.title")));
        back.addClassName("back-link");
        ActionButton makeDefault =
                ActionButton.inRow(
                        "make-default",
                        getTranslation("prices.makedefault"),
                        getTranslation("prices.makedefault.named", list.name()),
                        () -> makeDefault(list));
        makeDefault.setVisible(!list.defaultList());
        return new PageHeader(list.name(), getTranslation("prices.list.lead", list.currency()))
                .above(back)
                .actions(
                        makeDefault,
                        ActionButton.inRow(
                                "assign-price-list",
                                getTranslation("prices.assign"),
                                getTranslation("prices.assign.named", list.name()),
                                () ->
                                        new AssignDialog(prices, admin, list, () -> reload(list))
                                                .open()),
                        ActionButton.primary(
                                "set-price",
                                Icon.ADD,
                                getTranslation("prices.set"),
                                () -> new SetPriceDialog(prices, list, () -> reload(list)).open()));
    }

    private void makeDefault(PriceList list) {
        prices.makeDefault(list.id());
        Notices.success(getTranslation("prices.makedefault.done", list.name()));
        reload(list);
    }

    private DataTable<PriceEntry> createTable(PriceList list) {
        return new DataTable<PriceEntry>("prices", getTranslation("prices.set"))
                .name(getTranslation("prices.subject"), this::createSubject)
                .column(
                        getTranslation("prices.from"),
                        entry -> Moments.exact(entry.effectiveFrom()))
                .number(
                        getTranslation("prices.requests"),
                        entry -> money(entry, UnitPrices::requests, FreeUnits::requests))
                .number(
                        getTranslation("prices.input"),
                        entry -> money(entry, UnitPrices::inputTokens, FreeUnits::inputTokens))
                .number(
                        getTranslation("prices.output"),
                        entry -> money(entry, UnitPrices::outputTokens, FreeUnits::outputTokens))
                .number(
                        getTranslation("prices.compute"),
                        entry -> money(entry, UnitPrices::computeMillis, FreeUnits::computeMillis))
                .number(
                        getTranslation("prices.images"),
                        entry -> money(entry, UnitPrices::images, FreeUnits::images))
                .number(
                        getTranslation("prices.audio"),
                        entry -> money(entry, UnitPrices::audioMillis, FreeUnits::audioMillis))
                .actions(entry -> createActions(list, entry))
                .rowId(entry -> "price-" + entry.id())
                .whenEmpty(
                        new EmptyState(
                                Icon.USAGE,
                                getTranslation("prices.none.title"),
                                getTranslation("prices.none.text")));
    }

    private Component createSubject(PriceEntry entry) {
        if (entry.model() == null) {
            return RowName.title(getTranslation("prices.everything"));
        }
        return new RowName(
                entry.model().toString(),
                new Mono(
                        entry.version() == null
                                ? getTranslation("prices.everyversion")
                                : getTranslation("call.version", entry.version())));
    }

    private String money(
            PriceEntry entry,
            Function<UnitPrices, @Nullable Long> unit,
            Function<FreeUnits, @Nullable Long> freeUnit) {
        Long micros = unit.apply(entry.prices());
        if (micros == null) {
            return "—";
        }
        String money = Amounts.money(micros, entry.currency(), getLocale());
        FreeUnits free = entry.prices().free();
        Long units = free == null ? null : freeUnit.apply(free);
        return units == null
                ? money
                : getTranslation("prices.free.first", money, Amounts.count(units, getLocale()));
    }

    private Component createActions(PriceList list, PriceEntry entry) {
        Div actions = new Div();
        actions.addClassNames("actions", "end");
        if (entry.effectiveFrom().isAfter(clock.instant())) {
            actions.add(
                    ActionButton.inRow(
                                    "withdraw-" + entry.id(),
                                    getTranslation("prices.withdraw"),
                                    getTranslation("prices.withdraw"),
                                    () -> {
                                        prices.withdraw(list.id(), entry.id());
                                        reload(list);
                                    })
                            .dangerous());
        }
        return actions;
    }
}
