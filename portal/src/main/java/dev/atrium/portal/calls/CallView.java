package dev.atrium.portal.calls;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouterLink;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.CopyButton;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryUsage;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UsageRecord;
import jakarta.annotation.security.RolesAllowed;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** All that is known of one call. */
@Route("calls/:id")
@RolesAllowed(Permissions.USAGE_READ)
class CallView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private final transient RegistryUsage usage;
    private final transient RegistryApiKeys keys;
    private final transient CurrentUser currentUser;

    CallView(RegistryUsage usage, RegistryApiKeys keys, CurrentUser currentUser) {
        this.usage = usage;
        this.keys = keys;
        this.currentUser = currentUser;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        String id = event.getRouteParameters().get(CallsNavigation.ID).orElse("");
        Optional<CallDetails> found = CallSearchField.parsed(id).flatMap(usage::call);
        removeAll();
        found.ifPresentOrElse(this::show, () -> showAbsent(id));
    }

    @Override
    public String getPageTitle() {
        return TitledPage.named(getTranslation("call.title"));
    }

    private void show(CallDetails call) {
        CallerNames names = CallerNames.load(keys, currentUser);
        add(createHeader(call.callId().toString()).below(createBadges(call)));
        UsageRecord settled = call.settled();
        RefusedCall refused = call.refused();
        OpenCall opened = call.opened();
        if (settled != null) {
            add(CallPanels.made(settled, names));
        } else if (refused != null) {
            add(CallPanels.why(refused), CallPanels.asked(refused, names));
        } else if (opened != null) {
            add(CallPanels.left(call.state(), opened, names));
        }
        if (call.phases() != null) {
            add(CallPanels.phases(call.phases()));
        }
        if (!call.attempts().isEmpty()) {
            add(CallPanels.attempts(call.attempts()));
        }
    }

    private Component[] createBadges(CallDetails call) {
        Component when = Moments.exact(CallTime.of(call.callId()));
        return new Component[] {badge(call), when};
    }

    private Badge badge(CallDetails call) {
        UsageRecord settled = call.settled();
        RefusedCall refused = call.refused();
        if (settled != null) {
            return OutcomeBadge.of(settled);
        }
        return refused != null
                ? OutcomeBadge.of(refused)
                : OutcomeBadge.still(
                        Tone.QUIET,
                        getTranslation(
                                "call.state." + call.state().name().toLowerCase(Locale.ROOT)));
    }

    private PageHeader createHeader(String id) {
        RouterLink back = new RouterLink(getTranslation("nav.calls"), CallsView.class);
        back.setId("to-calls");
        Div whole = new Div(new Mono(id), new CopyButton(id));
        whole.addClassName("chips");
        return new PageHeader(getTranslation("call.title"), "").above(back).below(whole);
    }

    private void showAbsent(String id) {
        boolean isId = CallSearchField.parsed(id).map(UUID::toString).isPresent();
        add(
                createHeader(id),
                new EmptyState(
                        Icon.SEARCH,
                        getTranslation("call.absent.title"),
                        getTranslation(isId ? "call.absent.text" : "calls.search.wrong")));
    }
}
