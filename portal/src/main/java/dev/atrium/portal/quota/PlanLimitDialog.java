package dev.atrium.portal.quota;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.registry.RegistryPlans;
import dev.atrium.registry.api.quota.CreatePlan;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.UpdatePlan;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks for a limit of a plan; for the first one also what the plan is called. */
final class PlanLimitDialog extends FormDialog {
    private final transient RegistryPlans plans;
    private final transient @Nullable Plan plan;
    private final transient Consumer<Plan> whenDone;
    private final TextField planName = new TextField();
    private final ComboBox<String> currency = new ComboBox<>();
    private final PolicyLimits limits = new PolicyLimits(this::suggest);
    private final CountPicker count = new CountPicker(this::suit);
    private final ScopePicker scope;

    private PlanLimitDialog(
            RegistryPlans plans,
            RegistryModels models,
            @Nullable Plan plan,
            Consumer<Plan> whenDone) {
        super(
                "plan-limit-dialog",
                I18NProvider.translate(plan == null ? "plans.create" : "plans.add"),
                I18NProvider.translate(plan == null ? "plans.create" : "plans.add"));
        this.plans = plans;
        this.plan = plan;
        this.whenDone = whenDone;
        planName.setId("plan-name");
        planName.setLabel(getTranslation("plans.name"));
        planName.setRequiredIndicatorVisible(true);
        planName.setErrorMessage(getTranslation("prices.name.required"));
        planName.setMaxLength(200);
        planName.setVisible(plan == null);
        currency.setId("plan-currency");
        currency.setLabel(getTranslation("prices.currency"));
        currency.setRequiredIndicatorVisible(true);
        currency.setErrorMessage(getTranslation("prices.currency.required"));
        currency.setItems(
                Currency.availableCurrencies().map(Currency::getCurrencyCode).sorted().toList());
        scope = new ScopePicker(SubjectChoices.models(models), this::suggest);
        Div form = new Div(planName, scope, count, currency, limits);
        form.addClassName("policy-form");
        add(form);
        suit();
        if (plan == null) {
            planName.focus();
        } else {
            limits.focusAmount();
        }
    }

    static PlanLimitDialog ofNew(
            RegistryPlans plans, RegistryModels models, Consumer<Plan> whenDone) {
        return new PlanLimitDialog(plans, models, null, whenDone);
    }

    static PlanLimitDialog in(
            RegistryPlans plans, RegistryModels models, Plan plan, Consumer<Plan> whenDone) {
        return new PlanLimitDialog(plans, models, plan, whenDone);
    }

    @Override
    protected void trySubmit() {
        planName.setInvalid(plan == null && planName.getValue().isBlank());
        currency.setInvalid(currency.isVisible() && currency.isEmpty());
        boolean isScopeGood = scope.check();
        if (!limits.check() || !isScopeGood || planName.isInvalid() || currency.isInvalid()) {
            return;
        }
        Plan written = plan == null ? create() : add(plan);
        Notices.success(getTranslation("plans.saved", written.name()));
        close();
        whenDone.accept(written);
    }

    private Plan create() {
        return plans.create(new CreatePlan(planName.getValue().strip(), List.of(limit())));
    }

    private Plan add(Plan to) {
        List<PlanLimit> all = new ArrayList<>(to.limits());
        all.add(limit());
        return plans.update(to.id(), new UpdatePlan(to.revision(), to.name(), all));
    }

    private PlanLimit limit() {
        String name = limits.name();
        return new PlanLimit(
                name.isEmpty() ? suggestedName() : name,
                count.unit(),
                count.window(),
                limits.amount().orElseThrow(),
                limits.burst(),
                limits.mode(),
                limits.warnPercent(),
                currency.isVisible() ? currency.getValue() : null,
                scope.scope(),
                scope.model());
    }

    private void suit() {
        scope.suit(count.unit());
        limits.suit(count.unit(), count.window());
        currency.setVisible(count.unit() == Unit.COST_MICROS);
        suggest();
    }

    private void suggest() {
        limits.suggestName(suggestedName());
    }

    private String suggestedName() {
        return PlanWords.suggestedName(
                count.unit(), count.window(), scope.scope(), scope.model(), getLocale());
    }
}
