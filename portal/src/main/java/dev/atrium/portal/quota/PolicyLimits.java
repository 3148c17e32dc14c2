package dev.atrium.portal.quota;

import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.radiobutton.RadioGroupVariant;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The part of a policy that may be changed later: how much, what happens then, when to warn. */
final class PolicyLimits extends FormLayout {
    private static final int USUAL_WARNING = 80;
    private static final int LONGEST_NAME = 200;

    private final TextField amount = new TextField();
    private final TextField burst = new TextField();
    private final RadioButtonGroup<Mode> mode = new RadioButtonGroup<>();
    private final IntegerField warn = new IntegerField();
    private final TextField name = new TextField();
    private Unit unit = Unit.REQUESTS;
    private Window window = Window.HOUR;

    PolicyLimits(Runnable whenChanged) {
        setResponsiveSteps(new ResponsiveStep("0", 1), new ResponsiveStep("22em", 2));
        createAmounts();
        createMode();
        createWarning();
        name.setId("policy-name");
        name.setLabel(getTranslation("quota.name"));
        name.setHelperText(getTranslation("quota.name.help"));
        name.setMaxLength(LONGEST_NAME);
        for (TextField field : new TextField[] {amount, burst}) {
            field.setValueChangeMode(ValueChangeMode.LAZY);
            field.addValueChangeListener(change -> field.setInvalid(false));
            field.addValueChangeListener(change -> whenChanged.run());
            field.addBlurListener(blur -> group(field));
        }
        mode.addValueChangeListener(change -> whenChanged.run());
        add(amount, burst, warn, mode, name);
        setColspan(mode, 2);
        setColspan(name, 2);
    }

    /** Asks as this unit and window need it; what does not apply to them is not asked. */
    void suit(Unit newUnit, Window newWindow) {
        unit = newUnit;
        window = newWindow;
        amount.setErrorMessage(getTranslation(wrongAmount()));
        amount.setSuffixComponent(suffix());
        burst.setErrorMessage(getTranslation("quota.burst.least"));
        burst.setVisible(window.isRate());
        warn.setVisible(window.isQuota());
        Mode chosen = mode.getValue();
        mode.setItems(
                Arrays.stream(Mode.values())
                        .filter(each -> each != Mode.SOFT || window.isQuota())
                        .toList());
        mode.setValue(chosen == Mode.SOFT && !window.isQuota() ? Mode.HARD : chosen);
    }

    void read(Policy policy) {
        mode.setValue(policy.mode());
        suit(policy.unit(), policy.window());
        amount.setValue(AmountText.format(policy.amount(), unit, getLocale()));
        burst.setValue(
                policy.burst() == null ? "" : AmountText.format(policy.burst(), unit, getLocale()));
        mode.setValue(policy.mode());
        warn.setValue(policy.warnPercent());
        name.setValue(policy.name());
    }

    /** Marks what is missing or wrong and goes there; true when nothing is. */
    boolean check() {
        amount.setInvalid(amount().isEmpty());
        burst.setInvalid(burst.isVisible() && !isBurstGood());
        boolean isWarnGood = !warn.isVisible() || !warn.isInvalid();
        if (amount.isInvalid()) {
            amount.focus();
        } else if (burst.isInvalid()) {
            burst.focus();
        }
        return !amount.isInvalid() && !burst.isInvalid() && isWarnGood;
    }

    OptionalLong amount() {
        return AmountText.parse(amount.getValue(), unit);
    }

    /** Null where the registry is to decide, or where none applies. */
    @Nullable Long burst() {
        OptionalLong typed =
                burst.isVisible() ? AmountText.parse(burst.getValue(), unit) : OptionalLong.empty();
        return typed.isPresent() ? typed.getAsLong() : null;
    }

    Mode mode() {
        return Objects.requireNonNullElse(mode.getValue(), Mode.HARD);
    }

    @Nullable Integer warnPercent() {
        return warn.isVisible() ? warn.getValue() : null;
    }

    String name() {
        return name.getValue().strip();
    }

    /** What the policy is called when nobody gives it a name. */
    void suggestName(String suggestion) {
        name.setPlaceholder(suggestion);
    }

    void focusAmount() {
        amount.focus();
    }

    private void createAmounts() {
        amount.setId("policy-amount");
        amount.setLabel(getTranslation("quota.amount"));
        amount.setHelperText(getTranslation("quota.amount.help"));
        amount.setRequiredIndicatorVisible(true);
        burst.setId("policy-burst");
        burst.setLabel(getTranslation("quota.burst"));
        burst.setHelperText(getTranslation("quota.burst.help"));
        for (TextField field : new TextField[] {amount, burst}) {
            field.getElement().setAttribute("inputmode", "decimal");
            field.setAutocomplete(com.vaadin.flow.component.textfield.Autocomplete.OFF);
        }
    }

    private void createMode() {
        mode.setId("policy-mode");
        mode.setLabel(getTranslation("quota.mode"));
        mode.addThemeVariants(RadioGroupVariant.LUMO_VERTICAL);
        mode.setItems(Mode.values());
        mode.setItemLabelGenerator(each -> Texts.ofPage().constant("quota.mode.text", each));
        mode.setValue(Mode.HARD);
    }

    private void createWarning() {
        warn.setId("policy-warn");
        warn.setLabel(getTranslation("quota.warn"));
        warn.setHelperText(getTranslation("quota.warn.help"));
        warn.setErrorMessage(getTranslation("quota.warn.range"));
        warn.setMin(1);
        warn.setMax(100);
        warn.setValue(USUAL_WARNING);
        warn.setSuffixComponent(new Span("%"));
    }

    private String wrongAmount() {
        return switch (unit) {
            case COMPUTE_MILLIS, AUDIO_MILLIS -> "quota.amount.seconds";
            case COST_MICROS -> "quota.amount.money";
            case STORED_BYTES -> "quota.amount.megabytes";
            case REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS, TOKENS, CONCURRENCY, IMAGES ->
                    "quota.amount.whole";
        };
    }

    private @Nullable Span suffix() {
        return switch (unit) {
            case COMPUTE_MILLIS, AUDIO_MILLIS -> new Span(getTranslation("quota.seconds"));
            case STORED_BYTES -> new Span("MB");
            default -> null;
        };
    }

    private boolean isBurstGood() {
        OptionalLong typed = AmountText.parse(burst.getValue(), unit);
        return burst.isEmpty() || typed.isPresent() && typed.getAsLong() > 0;
    }

    private void group(TextField field) {
        AmountText.parse(field.getValue(), unit)
                .ifPresent(value -> field.setValue(AmountText.format(value, unit, getLocale())));
    }
}
