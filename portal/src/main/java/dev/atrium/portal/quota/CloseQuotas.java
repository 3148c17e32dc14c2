package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Icon;
import dev.atrium.registry.api.quota.PolicyStatus;
import java.util.List;

/** Says on other pages that limits are close, and leads to them. */
public final class CloseQuotas extends Div {
    /**
     * A hint.
     *
     * @param close at least one, the closest first
     */
    public CloseQuotas(List<PolicyStatus> close) {
        PolicyStatus closest = close.getFirst();
        boolean isSpent = Closeness.of(closest) == Closeness.SPENT;
        setId("close-quotas");
        addClassNames("notice-box", "quota-hint", isSpent ? "notice-bad" : "notice-quiet");
        String text =
                getTranslation(
                        "quota.hint",
                        close.size() - 1,
                        closest.policy().name(),
                        Amounts.percent(closest.percent() / 100.0, getLocale()));
        add(
                Icon.ALERT.create(),
                new Span(text),
                QuotasNavigation.link(getTranslation("quota.hint.link")));
    }

    /** Those that have reached their warning. */
    public static List<PolicyStatus> among(List<PolicyStatus> all) {
        return all.stream().filter(each -> Closeness.of(each) != Closeness.CALM).toList();
    }
}
