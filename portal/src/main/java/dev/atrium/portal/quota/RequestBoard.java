package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.QueryParameters;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.registry.RequestDesk;
import dev.atrium.portal.shell.Refresh;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.RequestState;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests for more as those see them who decide. */
final class RequestBoard extends Div {
    private static final String STATE = "state";
    private static final String ALL = "all";
    private static final String OPEN = "open";

    private final transient RequestDesk desk;
    private final transient PolicyWords words;
    private final Rights rights;
    private final Select<String> state = new Select<>();
    private final RequestList list;

    RequestBoard(RequestDesk desk, PolicyWords words, Rights rights, Clock clock) {
        this.desk = desk;
        this.words = words;
        this.rights = rights;
        addClassName("quota-board");
        list = new RequestList("requests", request -> createCard(request, clock));
        state.setId("request-state");
        state.setAriaLabel(getTranslation("request.states"));
        state.setItems(List.of(OPEN, ALL));
        state.setItemLabelGenerator(each -> getTranslation("request.states." + each));
        state.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                getUI().ifPresent(ui ->
                        ui.navigate(
                                ui.getInternals().getActiveViewLocation().getPath(),
                                QueryParameters.of(STATE, change.getValue())));
            }
        });
        add(list, new Refresh(this::reload));
    }

    /** Chooses which ones are shown. */
    Select<String> filter() {
        return state;
    }

    void enter(BeforeEnterEvent event) {
        String wanted =
                event.getLocation().getQueryParameters().getSingleParameter(STATE).orElse(OPEN);
        state.setValue(wanted.equals(ALL) ? ALL : OPEN);
        list.forget();
        reload();
    }

    private void reload() {
        list.load(cursor -> desk.page(wanted(), cursor), createEmpty());
    }

    private @Nullable RequestState wanted() {
        return ALL.equals(state.getValue()) ? null : RequestState.OPEN;
    }

    private EmptyState createEmpty() {
        return new EmptyState(
                Icon.REQUESTS,
                getTranslation("request.empty.title"),
                getTranslation("request.empty.text"));
    }

    private RequestCard createCard(QuotaRequest request, Clock clock) {
        RequestCard card = new RequestCard(request, words, clock).with(createActions(request));
        if (rights == Rights.PLATFORM) {
            Div whose =
                    new Div(
                            Icon.TENANT.create(),
                            QuotasNavigation.link(request.tenantId(), request.tenantSlug()));
            whose.addClassName("quota-tenant");
            card.above(whose);
        }
        return card;
    }

    private Div createActions(QuotaRequest request) {
        Div actions = new Div();
        if (request.state() != RequestState.OPEN) {
            return actions;
        }
        if (rights.mayChange(request.policy())) {
            actions.add(
                    ActionButton.inRow(
                            "decide-" + request.id(),
                            getTranslation("request.decide"),
                            getTranslation("request.decide.named", request.policy().name()),
                            () -> new DecideDialog(desk, request, words, this::reload).open()));
        } else if (request.policy().origin() == Origin.PLATFORM) {
            Span reason = new Span(getTranslation("request.platform"));
            reason.addClassName("quiet");
            actions.add(reason);
        }
        return actions;
    }
}
