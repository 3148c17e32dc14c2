package dev.atrium.portal.calls;

import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.function.SerializableFunction;
import dev.atrium.portal.design.Moments;
import dev.atrium.registry.api.usage.Labels;
import dev.atrium.registry.api.usage.Outcome;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says which calls are wanted; times are in the reader's zone. */
final class CallFilter extends Div {
    private static final int TYPING_PAUSE_MILLIS = 400;
    private static final int LONGEST_MODEL = 200;

    /** What a gateway refuses with, most frequent first. */
    private static final List<String> CODES =
            List.of(
                    "insufficient_quota",
                    "rate_limit_exceeded",
                    "insufficient_permissions",
                    "model_not_found",
                    "model_not_ready",
                    "invalid_request",
                    "unsupported_parameter",
                    "unsupported_media_type",
                    "request_too_large",
                    "request_timeout",
                    "invalid_label",
                    "price_missing",
                    "idempotency_conflict",
                    "idempotency_mismatch",
                    "idempotency_outcome_unknown",
                    "idempotency_reply_not_kept",
                    "idempotency_key_invalid",
                    "idempotency_stream_not_replayable",
                    "overloaded",
                    "gateway_unavailable",
                    "internal_error");

    private final Select<CallPeriod> period = new Select<>();
    private final DateTimePicker from = new DateTimePicker();
    private final DateTimePicker to = new DateTimePicker();
    private final TextField model = new TextField();
    private final Select<String> caller;
    private final Select<String> outcome;
    private final Select<String> code;
    private final TextField label = new TextField();

    CallFilter(CallsQuery query, CallerNames names, Instant now, Consumer<CallsQuery> whenChanged) {
        setId("call-filter");
        addClassName("filter");
        period.setId("call-period");
        period.setAriaLabel(getTranslation("calls.period"));
        period.setItems(CallPeriod.values());
        period.setItemLabelGenerator(each -> getTranslation("calls.period." + each.key()));
        period.setValue(query.period());
        prepare(from, "call-from", "calls.from", query.begin(now));
        prepare(to, "call-to", "calls.to", query.to() == null ? now : query.to());
        prepare(model, "call-model", "calls.model", query.model(), LONGEST_MODEL);
        caller =
                choice(
                        "call-caller",
                        "calls.callers",
                        with(names.known(), query.caller()),
                        names::of,
                        query.caller());
        outcome =
                choice(
                        "call-outcome",
                        "calls.outcomes",
                        outcomes(),
                        this::outcomeText,
                        query.outcome());
        code =
                choice(
                        "call-code",
                        "calls.codes",
                        with(CODES, query.code()),
                        each -> each,
                        query.code());
        prepare(label, "call-label", "calls.label", query.label(), Labels.LONGEST);
        add(period, from, to, model, caller, outcome, code, label);
        tellChanges(whenChanged);
    }

    private void prepare(DateTimePicker field, String id, String text, Instant value) {
        field.setId(id);
        field.setAriaLabel(getTranslation(text));
        field.setLocale(getLocale());
        LocalDateTime local =
                LocalDateTime.ofInstant(value, Moments.zone()).truncatedTo(ChronoUnit.MINUTES);
        field.setValue(local);
    }

    private void prepare(TextField field, String id, String text, String value, int longest) {
        field.setId(id);
        field.setAriaLabel(getTranslation(text));
        field.setPlaceholder(getTranslation(text));
        field.setClearButtonVisible(true);
        field.setMaxLength(longest);
        field.setValueChangeMode(ValueChangeMode.LAZY);
        field.setValueChangeTimeout(TYPING_PAUSE_MILLIS);
        field.setValue(value);
    }

    private Select<String> choice(
            String id,
            String all,
            List<String> items,
            SerializableFunction<String, String> text,
            String value) {
        Select<String> select = new Select<>();
        select.setId(id);
        select.setAriaLabel(getTranslation(all));
        select.setItems(items);
        select.setEmptySelectionAllowed(true);
        select.setEmptySelectionCaption(getTranslation(all));
        select.setPlaceholder(getTranslation(all));
        select.setItemLabelGenerator(each -> each == null ? getTranslation(all) : text.apply(each));
        select.setValue(value.isEmpty() ? null : value);
        return select;
    }

    /** What an address names is offered, whether it is known here or not. */
    private static List<String> with(List<String> known, String chosen) {
        if (chosen.isEmpty() || known.contains(chosen)) {
            return known;
        }
        List<String> all = new ArrayList<>(known);
        all.add(chosen);
        return all;
    }

    private static List<String> outcomes() {
        List<String> all =
                new ArrayList<>(Arrays.stream(Outcome.values()).map(Enum::name).toList());
        all.add(1, CallsQuery.REFUSED);
        return all;
    }

    private String outcomeText(String name) {
        return getTranslation("outcome." + name.toLowerCase(java.util.Locale.ROOT));
    }

    private void tellChanges(Consumer<CallsQuery> whenChanged) {
        period.addValueChangeListener(change -> whenChanged.accept(query()));
        from.addValueChangeListener(change -> whenChanged.accept(query()));
        to.addValueChangeListener(change -> whenChanged.accept(query()));
        model.addValueChangeListener(change -> whenChanged.accept(query()));
        caller.addValueChangeListener(change -> whenChanged.accept(query()));
        outcome.addValueChangeListener(change -> whenChanged.accept(query()));
        code.addValueChangeListener(change -> whenChanged.accept(query()));
        label.addValueChangeListener(change -> whenChanged.accept(query()));
    }

    /** Offers what makes sense together with the rest. */
    void adapt(CallsQuery query) {
        boolean isCustom = query.period() == CallPeriod.CUSTOM;
        from.setVisible(isCustom);
        to.setVisible(isCustom);
        code.setVisible(query.wantsRefused());
    }

    /** What it says at the moment. */
    CallsQuery query() {
        boolean isCustom = period.getValue() == CallPeriod.CUSTOM;
        return new CallsQuery(
                period.getValue(),
                isCustom ? instant(from.getValue()) : null,
                isCustom ? instant(to.getValue()) : null,
                model.getValue().strip(),
                text(caller.getValue()),
                text(outcome.getValue()),
                text(code.getValue()),
                label.getValue().strip());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static @Nullable Instant instant(@Nullable LocalDateTime value) {
        return value == null ? null : value.atZone(Moments.zone()).toInstant();
    }
}
