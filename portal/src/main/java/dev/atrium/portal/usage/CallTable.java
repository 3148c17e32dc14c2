package dev.atrium.portal.usage;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.registry.RegistryUsage;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The ledger's rows, newest first. */
final class CallTable extends Div {
    private static final int PAGE = 25;

    private final transient CallerNames names;

    /**
     * @param withEnergy whether any of the calls has a figure of it
     */
    CallTable(
            RegistryUsage usage, Instant from, Instant to, CallerNames names, boolean withEnergy) {
        this.names = names;
        Locale locale = getLocale();
        DataTable<UsageRecord> table =
                new DataTable<UsageRecord>("calls", getTranslation("usage.calls"))
                        .column(getTranslation("call.time"), call -> Moments.exact(call.openedAt()))
                        .name(getTranslation("call.model"), this::createModel)
                        .column(getTranslation("call.caller"), this::createCaller)
                        .column(getTranslation("call.outcome"), this::createOutcome)
                        .number(getTranslation("call.tokens"), call -> tokens(call, locale))
                        .number(
                                getTranslation("call.compute"),
                                call ->
                                        Amounts.duration(
                                                Duration.ofNanos(1000 * call.computeMicros()),
                                                locale))
                        .number(getTranslation("usage.cost"), call -> cost(call, locale))
                        .number(
                                getTranslation("call.total"),
                                call ->
                                        Amounts.duration(
                                                Duration.between(call.openedAt(), call.settledAt()),
                                                locale))
                        .column(
                                getTranslation("call.id"),
                                call -> Mono.shortened(call.callId().toString(), 13));
        if (withEnergy) {
            table.number(getTranslation("usage.energy"), call -> energy(call, locale));
        }
        table.load(cursor -> usage.records(from, to, PAGE, cursor));
        add(table);
    }

    private static String tokens(UsageRecord call, Locale locale) {
        return call.inputTokens() + call.outputTokens() == 0
                ? "—"
                : Amounts.count(call.inputTokens(), locale)
                        + " → "
                        + Amounts.count(call.outputTokens(), locale);
    }

    private static String cost(UsageRecord call, Locale locale) {
        Cost cost = call.cost();
        return cost == null ? "—" : Amounts.money(cost.micros(), cost.currency(), locale);
    }

    private static String energy(UsageRecord call, Locale locale) {
        Energy energy = call.energy();
        if (energy == null) {
            return "—";
        }
        Long carbon = energy.carbonNanograms();
        String joules = Amounts.energy(energy.microjoules(), locale);
        return carbon == null ? joules : joules + " · " + Amounts.mass(carbon, locale) + " CO₂e";
    }

    private Component createModel(UsageRecord call) {
        Mono model = new Mono(call.modelName().toString());
        model.addClassName("row-title");
        Span what =
                new Span(
                        getTranslation(
                                        "operation."
                                                + call.operation().name().toLowerCase(Locale.ROOT))
                                + " · "
                                + getTranslation("call.version", call.version()));
        what.addClassName("quiet");
        Div cell = new Div(model, what);
        cell.addClassName("stack");
        return cell;
    }

    private Component createCaller(UsageRecord call) {
        Component caller =
                names.knows(call.principalId())
                        ? new Span(names.of(call.principalId()))
                        : Mono.shortened(call.principalId(), 13);
        if (call.label() == null) {
            return caller;
        }
        Span label = new Span(call.label());
        label.addClassName("quiet");
        Div cell = new Div(caller, label);
        cell.addClassName("stack");
        return cell;
    }

    private Component createOutcome(UsageRecord call) {
        Outcome outcome = call.outcome();
        Tone tone =
                switch (outcome) {
                    case OK -> Tone.GOOD;
                    case CLIENT_GONE -> Tone.QUIET;
                    case INVALID_INPUT -> Tone.BUSY;
                    case NODE_FAILED, NO_REPLICA, DEADLINE_EXCEEDED, GATEWAY_LOST -> Tone.BAD;
                };
        Badge badge =
                new Badge(
                        tone, getTranslation("outcome." + outcome.name().toLowerCase(Locale.ROOT)));
        badge.addClassName("still");
        badge.setTitle(
                getTranslation("call.http", String.valueOf(call.httpStatus()), call.attempts()));
        return badge;
    }
}
