package dev.atrium.portal.calls;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.design.ShareBar;
import dev.atrium.portal.quota.LimitWords;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.CallPhases;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.RefusingLimit;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.Waiver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of a call's page. */
final class CallPanels {
    /** Those whose remedy is worth a sentence; the others speak for themselves. */
    private static final Set<String> EXPLAINED =
            Set.of(
                    "insufficient_quota",
                    "rate_limit_exceeded",
                    "insufficient_permissions",
                    "model_not_found",
                    "model_not_ready",
                    "price_missing",
                    "overloaded",
                    "gateway_unavailable");

    private CallPanels() {}

    static Panel made(UsageRecord call, CallerNames names) {
        Locale locale = locale();
        Facts facts = new Facts();
        facts.add("call.model", new Mono(call.modelName() + ":" + call.version()));
        facts.add("call.operation", operation(call.operation()));
        facts.add("call.caller", caller(call.principalId(), names));
        facts.add("call.label", label(call.label()));
        facts.add("call.status", "HTTP " + call.httpStatus());
        facts.add("call.tokens", CallTable.tokens(call, locale));
        facts.add("call.compute", CallTable.micros(call.computeMicros(), locale));
        facts.add("usage.cost", CallTable.cost(call, locale));
        Long cached = call.cachedInputTokens();
        if (cached != null) {
            facts.add("call.tokens.cached", Amounts.count(cached, locale));
        }
        Media media = Media.orNone(call.media());
        if (media.images() > 0) {
            facts.add("usage.images", Amounts.count(media.images(), locale));
        }
        if (media.audioMillis() > 0) {
            facts.add("usage.audio", Amounts.seconds(media.audioMillis(), locale));
        }
        if (call.energy() != null) {
            facts.add("usage.energy", CallTable.energy(call, locale));
        }
        facts.add("call.attempts", Amounts.count(call.attempts(), locale));
        NodeId node = call.nodeId();
        facts.add("call.node", node == null ? new Span("—") : new Mono(node.toString()));
        Panel panel = panel("call-facts", "call.facts", facts);
        Waiver waived = call.waived();
        return waived == null
                ? panel
                : panel.hint(
                        I18NProvider.translate(
                                "call.waived." + waived.name().toLowerCase(Locale.ROOT)));
    }

    static Panel why(RefusedCall call) {
        Facts facts = new Facts();
        facts.add("call.code", new Mono(call.code()));
        facts.add("call.status", "HTTP " + call.httpStatus());
        String param = call.param();
        if (param != null) {
            facts.add("call.param", new Mono(param));
        }
        RefusingLimit limit = call.limit();
        if (limit != null) {
            addLimit(facts, limit);
        }
        Panel panel = panel("call-why", "call.why", facts);
        return EXPLAINED.contains(call.code())
                ? panel.hint(I18NProvider.translate("call.why." + call.code()))
                : panel;
    }

    private static void addLimit(Facts facts, RefusingLimit limit) {
        LimitWords words = new LimitWords(locale());
        String amount = words.amount(limit.unit(), limit.window(), limit.limit());
        String currency = limit.currency();
        facts.add(
                "call.limit",
                limit.policyId() == null
                        ? I18NProvider.translate("call.limit.own", amount)
                        : I18NProvider.translate(
                                "call.limit.policy",
                                String.valueOf(limit.name()),
                                currency == null ? amount : amount + " (" + currency + ")"));
        addFigure(facts, words, limit, "call.limit.needed", limit.needed());
        addFigure(facts, words, limit, "call.limit.used", limit.used());
        addFigure(facts, words, limit, "call.limit.reserved", limit.reserved());
        addFigure(facts, words, limit, "call.limit.left", limit.left());
    }

    private static void addFigure(
            Facts facts, LimitWords words, RefusingLimit limit, String name, @Nullable Long of) {
        if (of != null) {
            facts.add(name, words.figure(limit.unit(), limit.currency(), of));
        }
    }

    static Panel asked(RefusedCall call, CallerNames names) {
        Facts facts = new Facts();
        String model = call.model();
        facts.add("call.model", model == null ? new Span("—") : new Mono(model));
        String version = call.version();
        if (version != null) {
            facts.add("call.version.asked", version);
        }
        facts.add("call.operation", operation(call.operation()));
        facts.add("call.caller", caller(call.principalId(), names));
        facts.add("call.label", label(call.label()));
        facts.add("call.cost.none", I18NProvider.translate("call.cost.none.text"));
        return panel("call-facts", "call.facts", facts);
    }

    static Panel left(CallDetails.State state, OpenCall call, CallerNames names) {
        Facts facts = new Facts();
        facts.add("call.model", new Mono(call.modelName() + ":" + call.version()));
        facts.add("call.operation", operation(call.operation()));
        facts.add("call.caller", caller(call.principalId(), names));
        facts.add("call.label", label(call.label()));
        String key = "call.state.text." + state.name().toLowerCase(Locale.ROOT);
        return panel("call-facts", "call.facts", facts).hint(I18NProvider.translate(key));
    }

    /** Each stretch as a bar of its share of the whole. */
    static Panel phases(CallPhases phases) {
        Long firstByte = phases.firstByteMicros();
        long answering = firstByte == null ? phases.settledMicros() : firstByte;
        Facts facts = new Facts();
        facts.add("call.phase.opened", stretch(phases, phases.openedMicros()));
        facts.add("call.phase.node", stretch(phases, answering - phases.openedMicros()));
        if (firstByte != null) {
            facts.add("call.phase.answer", stretch(phases, phases.settledMicros() - answering));
        }
        facts.add("call.total", CallTable.micros(phases.settledMicros(), locale()));
        return panel("call-phases", "call.phases", facts)
                .hint(I18NProvider.translate("call.phases.hint"));
    }

    private static Component stretch(CallPhases phases, long micros) {
        long length = Math.max(0, micros);
        double share =
                phases.settledMicros() == 0
                        ? 0
                        : Math.min(1, (double) length / phases.settledMicros());
        Div row = new Div(new ShareBar(share), new Span(CallTable.micros(length, locale())));
        row.addClassName("chips");
        return row;
    }

    static Panel attempts(List<CallAttempt> attempts) {
        Locale locale = locale();
        DataTable<CallAttempt> table =
                new DataTable<CallAttempt>("attempts", I18NProvider.translate("call.attempts"))
                        .name(
                                I18NProvider.translate("call.attempt"),
                                each -> new Span(String.valueOf(each.attempt())))
                        .column(
                                I18NProvider.translate("call.node"),
                                each -> Mono.shortened(each.nodeId().toString(), 13))
                        .column(
                                I18NProvider.translate("call.started"),
                                each -> Moments.exact(each.startedAt()))
                        .number(
                                I18NProvider.translate("call.duration"),
                                each -> duration(each, locale))
                        .number(
                                I18NProvider.translate("call.compute"),
                                each -> CallTable.micros(each.computeMicros(), locale))
                        .number(
                                I18NProvider.translate("call.tokens"),
                                each ->
                                        Amounts.count(each.inputTokens(), locale)
                                                + " → "
                                                + Amounts.count(each.outputTokens(), locale))
                        .column(I18NProvider.translate("call.outcome"), CallPanels::ended);
        table.show(attempts);
        Panel panel = new Panel(I18NProvider.translate("call.attempts"), table).flush();
        panel.setId("call-attempts");
        return panel.hint(I18NProvider.translate("call.attempts.hint"));
    }

    private static String duration(CallAttempt attempt, Locale locale) {
        Instant finished = attempt.finishedAt();
        return finished == null
                ? "—"
                : Amounts.duration(Duration.between(attempt.startedAt(), finished), locale);
    }

    private static Component ended(CallAttempt attempt) {
        Div cell = new Div(new Mono(attempt.outcome()));
        if (attempt.billed()) {
            cell.add(OutcomeBadge.still(Tone.QUIET, I18NProvider.translate("call.billed")));
        }
        cell.addClassName("chips");
        return cell;
    }

    private static String operation(Operation operation) {
        return I18NProvider.translate("operation." + operation.name().toLowerCase(Locale.ROOT));
    }

    private static Component caller(String principalId, CallerNames names) {
        return names.knows(principalId) ? new Span(names.of(principalId)) : new Mono(principalId);
    }

    private static Component label(@Nullable String label) {
        return label == null ? new Span("—") : new Mono(label);
    }

    private static Panel panel(String id, String title, Facts facts) {
        Panel panel = new Panel(I18NProvider.translate(title), facts);
        panel.setId(id);
        return panel;
    }

    private static Locale locale() {
        return UI.getCurrent().getLocale();
    }

    /** Names and what they are. */
    private static final class Facts extends DescriptionList {
        Facts() {
            addClassName("fact-list");
        }

        void add(String name, Component value) {
            add(new Term(I18NProvider.translate(name)), new Description(value));
        }

        void add(String name, String value) {
            add(name, new Span(value));
        }
    }
}
