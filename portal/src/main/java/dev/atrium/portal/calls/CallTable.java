package dev.atrium.portal.calls;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.registry.CallSearch;
import dev.atrium.portal.registry.RegistryUsage;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.LoggedCall;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls, newest first, whether they were made or refused. */
public final class CallTable extends Div {
    private static final int PAGE = 25;
    private static final String NONE = "—";

    private final transient CallerNames names;
    private final DataTable<LoggedCall> table;

    public CallTable(CallerNames names) {
        this.names = names;
        Locale locale = getLocale();
        table =
                new DataTable<LoggedCall>("calls", getTranslation("usage.calls"))
                        .column(
                                getTranslation("call.time"),
                                call -> Moments.exact(CallTime.of(call.callId())))
                        .name(getTranslation("call.model"), this::createModel)
                        .column(getTranslation("call.caller"), this::createCaller)
                        .column(getTranslation("call.outcome"), CallTable::createOutcome)
                        .number(
                                getTranslation("call.tokens"),
                                call -> settled(call, one -> tokens(one, locale)))
                        .number(
                                getTranslation("call.compute"),
                                call -> settled(call, one -> micros(one.computeMicros(), locale)))
                        .number(
                                getTranslation("usage.cost"),
                                call -> settled(call, one -> cost(one, locale)))
                        .number(
                                getTranslation("call.total"),
                                call -> settled(call, one -> total(one, locale)))
                        .column(
                                getTranslation("call.id"),
                                call -> CallsNavigation.link(call.callId()))
                        .rowId(call -> "call-" + call.callId());
        add(table);
    }

    /** Adds what each call took, for where that is known of some. */
    public CallTable withEnergy() {
        Locale locale = getLocale();
        table.number(
                getTranslation("usage.energy"), call -> settled(call, one -> energy(one, locale)));
        return this;
    }

    /** What stands in its place while there is no call. */
    CallTable whenEmpty(Component empty) {
        table.whenEmpty(empty);
        return this;
    }

    public CallTable load(RegistryUsage usage, CallSearch search) {
        table.load(cursor -> usage.calls(search, PAGE, cursor));
        return this;
    }

    private static String settled(LoggedCall call, Function<UsageRecord, String> text) {
        UsageRecord settled = call.settled();
        return settled == null ? NONE : text.apply(settled);
    }

    static String tokens(UsageRecord call, Locale locale) {
        return call.inputTokens() + call.outputTokens() == 0
                ? NONE
                : Amounts.count(call.inputTokens(), locale)
                        + " → "
                        + Amounts.count(call.outputTokens(), locale);
    }

    static String cost(UsageRecord call, Locale locale) {
        Cost cost = call.cost();
        return cost == null ? NONE : Amounts.money(cost.micros(), cost.currency(), locale);
    }

    static String energy(UsageRecord call, Locale locale) {
        Energy energy = call.energy();
        if (energy == null) {
            return NONE;
        }
        Long carbon = energy.carbonNanograms();
        String joules = Amounts.energy(energy.microjoules(), locale);
        return carbon == null ? joules : joules + " · " + Amounts.mass(carbon, locale) + " CO₂e";
    }

    static String micros(long micros, Locale locale) {
        return Amounts.duration(Duration.ofNanos(1000 * micros), locale);
    }

    private static String total(UsageRecord call, Locale locale) {
        return Amounts.duration(Duration.between(call.openedAt(), call.settledAt()), locale);
    }

    private Component createModel(LoggedCall call) {
        UsageRecord settled = call.settled();
        RefusedCall refused = call.refused();
        if (settled != null) {
            return createModel(
                    settled.modelName().toString(),
                    settled.operation(),
                    String.valueOf(settled.version()));
        }
        return refused == null
                ? new Span(NONE)
                : createModel(refused.model(), refused.operation(), refused.version());
    }

    private Component createModel(
            @Nullable String model, Operation operation, @Nullable String version) {
        Component name = model == null ? RowName.title(NONE) : new Mono(model);
        name.addClassName("row-title");
        String what = getTranslation("operation." + operation.name().toLowerCase(Locale.ROOT));
        Span below =
                new Span(
                        version == null
                                ? what
                                : what + " · " + getTranslation("call.version", version));
        below.addClassName("quiet");
        Div cell = new Div(name, below);
        cell.addClassName("stack");
        return cell;
    }

    private Component createCaller(LoggedCall call) {
        UsageRecord settled = call.settled();
        RefusedCall refused = call.refused();
        if (settled != null) {
            return createCaller(settled.principalId(), settled.label());
        }
        return refused == null
                ? new Span(NONE)
                : createCaller(refused.principalId(), refused.label());
    }

    private Component createCaller(String principalId, @Nullable String label) {
        Component caller =
                names.knows(principalId)
                        ? new Span(names.of(principalId))
                        : Mono.shortened(principalId, 13);
        if (label == null) {
            return caller;
        }
        Span below = new Span(label);
        below.addClassName("quiet");
        Div cell = new Div(caller, below);
        cell.addClassName("stack");
        return cell;
    }

    private static Component createOutcome(LoggedCall call) {
        UsageRecord settled = call.settled();
        RefusedCall refused = call.refused();
        if (settled != null) {
            return OutcomeBadge.of(settled);
        }
        if (refused == null) {
            return new Span(NONE);
        }
        Span code = new Span(refused.code());
        code.addClassName("quiet");
        Div cell = new Div(OutcomeBadge.of(refused), code);
        cell.addClassName("stack");
        return cell;
    }
}
