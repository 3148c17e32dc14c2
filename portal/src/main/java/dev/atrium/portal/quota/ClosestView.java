package dev.atrium.portal.quota;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryQuotas;
import dev.atrium.portal.security.Permissions;
import dev.atrium.portal.shell.Refresh;
import dev.atrium.registry.api.quota.PolicyStatus;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.util.List;

/** Which tenants are close to a limit, for platform admins. */
@Route("admin/quotas")
@Menu(title = "nav.closest", order = 105, icon = "bell")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class ClosestView extends Div implements BeforeEnterObserver, TitledPage {
    private static final String LEAST = "min";
    private static final int USUAL = 80;
    private static final List<Integer> CHOICES = List.of(0, 50, USUAL, 90, 100);

    private final transient RegistryQuotas quotas;
    private final Select<Integer> least = new Select<>();
    private final PolicyList list;

    ClosestView(RegistryQuotas quotas, Clock clock) {
        this.quotas = quotas;
        PolicyWords words = PolicyWords.ofPage(getLocale(), SubjectNames.UNKNOWN);
        addClassName("page");
        list = new PolicyList("closest", status -> createCard(status, words, clock));
        least.setId("closest-least");
        least.setItems(CHOICES);
        least.setAriaLabel(getTranslation("closest.least"));
        least.setItemLabelGenerator(each ->
                each == 0 ? getTranslation("closest.all") : getTranslation("closest.from", each));
        least.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                UI.getCurrent()
                        .navigate(
                                ClosestView.class,
                                QueryParameters.of(LEAST, String.valueOf(change.getValue())));
            }
        });
        add(header().actions(least), list, new Refresh(this::reload));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        String wanted =
                event.getLocation().getQueryParameters().getSingleParameter(LEAST).orElse("");
        least.setValue(
                CHOICES.stream()
                        .filter(each -> each.toString().equals(wanted))
                        .findFirst()
                        .orElse(USUAL));
        list.forget();
        reload();
    }

    @Override
    public String texts() {
        return "closest";
    }

    private PolicyCard createCard(PolicyStatus status, PolicyWords words, Clock clock) {
        Div whose =
                new Div(
                        Icon.TENANT.create(),
                        QuotasNavigation.link(status.policy().tenantId(), status.tenantSlug()));
        whose.addClassName("quota-tenant");
        return new PolicyCard(words, null, clock).above(whose).with(new Span());
    }

    private void reload() {
        list.load(
                cursor -> quotas.closest(least.getValue(), cursor),
                new EmptyState(
                        Icon.CHECK,
                        getTranslation("closest.empty.title"),
                        getTranslation("closest.empty.text")));
    }
}
