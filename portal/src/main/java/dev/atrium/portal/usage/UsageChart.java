package dev.atrium.portal.usage;

import com.vaadin.flow.component.Svg;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Moments;
import java.util.List;
import java.util.Locale;

/** The chart in two drawings, one for wide and one for narrow pages; the style sheet shows one. */
final class UsageChart extends Div {
    private UsageChart(List<BarChart.Bar> bars, String description, Locale locale) {
        addClassName("chart-frame");
        setId("usage-chart");
        Svg wide = new Svg(BarChart.svg(bars, description, 1080, 260, locale));
        wide.addClassName("chart-wide");
        Svg narrow = new Svg(BarChart.svg(bars, description, 380, 240, locale));
        narrow.addClassName("chart-narrow");
        Span good = new Span(I18NProvider.translate("usage.answered"));
        good.addClassName("legend-good");
        Span failed = new Span(I18NProvider.translate("usage.failed"));
        failed.addClassName("legend-failed");
        Div legend = new Div(good, failed);
        legend.addClassName("legend");
        add(wide, narrow, legend);
    }

    static UsageChart of(UsagePeriod period, List<UsagePeriod.Column> columns, Locale locale) {
        List<BarChart.Bar> bars =
                columns.stream()
                        .map(column ->
                                new BarChart.Bar(
                                        period.label(column, Moments.zone(), locale),
                                        hover(period, column, locale),
                                        column.calls() - column.failed(),
                                        column.failed()))
                        .toList();
        long calls = columns.stream().mapToLong(UsagePeriod.Column::calls).sum();
        long failed = columns.stream().mapToLong(UsagePeriod.Column::failed).sum();
        return new UsageChart(
                bars, I18NProvider.translate("usage.chart.description", calls, failed), locale);
    }

    private static String hover(UsagePeriod period, UsagePeriod.Column column, Locale locale) {
        return I18NProvider.translate(
                "usage.chart.hover",
                period.span(column, Moments.zone(), locale),
                Amounts.count(column.calls(), locale),
                Amounts.count(column.failed(), locale));
    }
}
