package dev.atrium.portal.quota;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.registry.TenantQuotas;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.Unit;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people were told lately; not there while there was nothing. */
final class EventList extends Div {
    private static final int PAGE = 8;
    private static final int ALL = 100;

    private final transient TenantQuotas quotas;
    private final transient PolicyWords words;
    private final DataTable<QuotaEvent> table;
    private Map<PolicyId, Unit> units = Map.of();
    private @Nullable List<QuotaEvent> newest;

    EventList(TenantQuotas quotas, PolicyWords words, Clock clock) {
        this.quotas = quotas;
        this.words = words;
        table =
                new DataTable<QuotaEvent>("quota-events", getTranslation("quota.events"))
                        .name(
                                getTranslation("quota.events.policy"),
                                event -> RowName.title(event.policyName()))
                        .column(getTranslation("quota.events.reached"), this::createReached)
                        .column(
                                getTranslation("quota.events.at"),
                                event -> Moments.ago(event.at(), clock.instant()));
        add(new Panel(getTranslation("quota.events"), table).flush());
    }

    /**
     * Reads the newest ones, and draws them when there are others than before.
     *
     * @param known says in which unit the policies count
     */
    void reload(List<PolicyStatus> known) {
        units =
                known.stream()
                        .map(PolicyStatus::policy)
                        .collect(Collectors.toMap(Policy::id, Policy::unit));
        List<QuotaEvent> first = quotas.events(PAGE, null).items();
        if (!first.equals(newest)) {
            newest = first;
            table.load(cursor -> quotas.events(PAGE, cursor));
        }
        setVisible(!first.isEmpty());
    }

    private Component createReached(QuotaEvent event) {
        Badge badge =
                new Badge(
                        event.threshold() >= ALL ? Tone.BAD : Tone.BUSY,
                        getTranslation("quota.events.threshold", event.threshold()));
        badge.addClassName("still");
        Div cell = new Div(badge);
        cell.addClassName("chips");
        Unit unit = units.get(event.policyId());
        if (unit != null) {
            Span figures =
                    new Span(
                            getTranslation(
                                    "quota.events.figures",
                                    words.figure(unit, event.used()),
                                    words.figure(unit, event.amount())));
            figures.addClassName("quiet");
            cell.add(figures);
        }
        return cell;
    }
}
