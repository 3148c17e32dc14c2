package dev.atrium.portal.quota;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.PlanScope;
import dev.atrium.registry.api.quota.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks whom a plan's limit is for, and for which model. */
final class ScopePicker extends Div {
    private final Select<PlanScope> scope = new Select<>();
    private final ComboBox<ModelName> model = new ComboBox<>();

    ScopePicker(List<ModelName> models, Runnable whenChanged) {
        addClassName("pair");
        scope.setId("plan-scope");
        scope.setLabel(getTranslation("quota.subject"));
        scope.setItems(PlanScope.values());
        scope.setItemLabelGenerator(each -> Texts.ofPage().constant("plans.scope", each));
        scope.setValue(PlanScope.TENANT);
        scope.addValueChangeListener(change -> {
            model.setVisible(scope() == PlanScope.MODEL);
            scope.setHelperText(scope().isEach() ? getTranslation("plans.scope.each.help") : null);
            whenChanged.run();
        });
        model.setId("plan-model");
        model.setLabel(getTranslation("quota.subject.model"));
        model.setItems(models);
        model.setRequiredIndicatorVisible(true);
        model.setErrorMessage(getTranslation("quota.subject.required.model"));
        model.setVisible(false);
        // Models that the reader does not see may be named too.
        model.setAllowCustomValue(true);
        model.addCustomValueSetListener(typed -> choose(typed.getDetail()));
        model.addValueChangeListener(change -> {
            model.setInvalid(false);
            whenChanged.run();
        });
        add(scope, model);
    }

    PlanScope scope() {
        // Nothing is chosen while other items are put in.
        return Objects.requireNonNullElse(scope.getValue(), PlanScope.TENANT);
    }

    /** Null where it is for no model, or not said yet for which. */
    @Nullable ModelName model() {
        return scope() == PlanScope.MODEL ? model.getValue() : null;
    }

    /** Offers those scopes in which the unit can be counted. */
    void suit(Unit unit) {
        List<PlanScope> fitting =
                Arrays.stream(PlanScope.values())
                        .filter(each ->
                                unit != Unit.STORED_BYTES
                                        || each == PlanScope.TENANT
                                        || each == PlanScope.EACH_PROJECT)
                        .toList();
        PlanScope chosen = scope();
        scope.setItems(fitting);
        scope.setValue(fitting.contains(chosen) ? chosen : PlanScope.TENANT);
    }

    /** Marks what is missing and goes there; true when nothing is. */
    boolean check() {
        boolean isMissing = scope() == PlanScope.MODEL && model.isEmpty();
        model.setInvalid(isMissing);
        if (isMissing) {
            model.focus();
        }
        return !isMissing;
    }

    private void choose(String typed) {
        SubjectChoices.model(typed)
                .ifPresentOrElse(
                        model::setValue,
                        () -> {
                            model.clear();
                            model.setInvalid(true);
                        });
    }
}
