package dev.atrium.portal.usage;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Panel;
import dev.atrium.registry.api.usage.UsageBucket;
import java.time.Instant;
import java.util.List;

/** The last 24 hours as a chart, for other pages. */
public final class UsagePreview extends Div {
    public UsagePreview(List<UsageBucket> hours, Instant now) {
        Button more =
                new Button(
                        getTranslation("usage.preview.more"), click -> UsageNavigation.toUsage());
        more.setId("to-usage");
        more.addThemeVariants(ButtonVariant.LUMO_TERTIARY, ButtonVariant.LUMO_SMALL);
        UsagePeriod period = UsagePeriod.DAY;
        add(
                new Panel(
                                getTranslation("usage.chart." + period.key()),
                                UsageChart.of(
                                        period,
                                        period.columns(hours, now, Moments.zone()),
                                        getLocale()))
                        .actions(more));
    }

    /** Where the previewed period begins. */
    public static Instant from(Instant now) {
        return UsagePeriod.DAY.from(now);
    }
}
