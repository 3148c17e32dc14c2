package dev.atrium.portal.usage;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.calls.CallerNames;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.ShareBar;
import dev.atrium.registry.api.usage.UsageGrouping;
import java.util.List;
import java.util.Locale;

/** What each model, caller or operation used, with its share of the calls. */
final class TotalsTable extends Div {
    private final UsageGrouping grouping;
    private final transient CallerNames names;
    private final long all;

    TotalsTable(List<UsageTotal> totals, UsageGrouping grouping, CallerNames names) {
        this.grouping = grouping;
        this.names = names;
        this.all = totals.stream().mapToLong(UsageTotal::calls).sum();
        Locale locale = getLocale();
        DataTable<UsageTotal> table =
                new DataTable<UsageTotal>("usage-totals", getTranslation("usage.totals"))
                        .name(
                                getTranslation(
                                        "usage.by." + grouping.name().toLowerCase(Locale.ROOT)),
                                this::createName)
                        .column(getTranslation("usage.share"), this::createShare)
                        .number(
                                getTranslation("usage.calls.count"),
                                total -> Amounts.count(total.calls(), locale))
                        .number(
                                getTranslation("usage.failed"),
                                total -> Amounts.count(total.failed(), locale))
                        .number(
                                getTranslation("usage.tokens.in"),
                                total -> Amounts.count(total.inputTokens(), locale))
                        .number(
                                getTranslation("usage.tokens.out"),
                                total -> Amounts.count(total.outputTokens(), locale))
                        .number(
                                getTranslation("usage.compute"),
                                total -> Amounts.duration(total.compute(), locale));
        if (totals.stream().anyMatch(total -> total.media().images() > 0)) {
            table.number(
                    getTranslation("usage.images"),
                    total -> Amounts.count(total.media().images(), locale));
        }
        if (totals.stream().anyMatch(total -> total.media().audioMillis() > 0)) {
            table.number(
                    getTranslation("usage.audio"),
                    total -> Amounts.seconds(total.media().audioMillis(), locale));
        }
        if (totals.stream().anyMatch(total -> !total.costs().isEmpty())) {
            table.number(getTranslation("usage.cost"), total -> total.cost(locale));
        }
        if (totals.stream().anyMatch(total -> total.energy() != null)) {
            table.number(getTranslation("usage.energy"), total -> total.energy(locale));
        }
        if (totals.stream().anyMatch(total -> total.carbon() != null)) {
            table.number(getTranslation("usage.carbon"), total -> total.carbon(locale));
        }
        table.show(totals);
        add(table);
    }

    private Component createName(UsageTotal total) {
        return switch (grouping) {
            case MODEL -> new Mono(total.group());
            case PRINCIPAL ->
                    names.knows(total.group())
                            ? RowName.title(names.of(total.group()))
                            : Mono.shortened(total.group(), 18);
            case OPERATION ->
                    RowName.title(
                            getTranslation("operation." + total.group().toLowerCase(Locale.ROOT)));
            case LABEL ->
                    total.group().isEmpty()
                            ? RowName.title(getTranslation("usage.unlabelled"))
                            : new Mono(total.group());
            case NONE -> new Span(total.group());
        };
    }

    private Component createShare(UsageTotal total) {
        double share = all == 0 ? 0 : (double) total.calls() / all;
        ShareBar bar = new ShareBar(share);
        bar.setTitle(Amounts.percent(share, getLocale()));
        return bar;
    }
}
