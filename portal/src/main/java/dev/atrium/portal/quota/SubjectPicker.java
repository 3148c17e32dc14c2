package dev.atrium.portal.quota;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import dev.atrium.portal.quota.SubjectChoices.Choice;
import dev.atrium.portal.quota.SubjectChoices.Kind;
import dev.atrium.registry.api.quota.PolicySubject;
import java.util.Optional;

/** Asks whose calls count: the sort first, then which one. */
final class SubjectPicker extends Div {
    private final transient SubjectChoices choices;
    private final Select<Kind> kind = new Select<>();
    private final ComboBox<Choice> which = new ComboBox<>();

    SubjectPicker(SubjectChoices choices, Runnable whenChanged) {
        this.choices = choices;
        addClassName("pair");
        kind.setId("policy-subject-kind");
        kind.setLabel(getTranslation("quota.subject"));
        kind.setItems(choices.kinds());
        kind.setItemLabelGenerator(each -> Texts.ofPage().constant("quota.subject", each));
        kind.setValue(Kind.TENANT);
        kind.addValueChangeListener(change -> {
            offer(change.getValue());
            whenChanged.run();
        });
        which.setId("policy-subject");
        which.setItemLabelGenerator(Choice::name);
        which.setRequiredIndicatorVisible(true);
        which.addValueChangeListener(change -> {
            which.setInvalid(false);
            whenChanged.run();
        });
        // Models of others, which the list does not have, may be called too.
        which.addCustomValueSetListener(typed -> choose(typed.getDetail()));
        offer(Kind.TENANT);
        add(kind, which);
    }

    /** Empty while it is not said which one. */
    Optional<PolicySubject> subject() {
        return kind.getValue() == Kind.TENANT
                ? Optional.of(PolicySubject.TENANT)
                : Optional.ofNullable(which.getValue()).map(Choice::subject);
    }

    void complain() {
        if (subject().isEmpty()) {
            which.setInvalid(true);
            which.focus();
        }
    }

    private void offer(Kind chosen) {
        which.clear();
        which.setInvalid(false);
        which.setVisible(chosen != Kind.TENANT);
        which.setLabel(Texts.ofPage().constant("quota.subject", chosen));
        which.setItems(choices.of(chosen));
        which.setAllowCustomValue(chosen == Kind.MODEL);
        which.setErrorMessage(
                getTranslation(
                        chosen == Kind.MODEL
                                ? "quota.subject.required.model"
                                : "quota.subject.required"));
        which.setHelperText(
                choices.of(chosen).isEmpty() && chosen != Kind.MODEL
                        ? getTranslation("quota.subject.nothing")
                        : "");
    }

    private void choose(String typed) {
        SubjectChoices.model(typed)
                .ifPresentOrElse(
                        name -> which.setValue(Choice.of(name)),
                        () -> {
                            which.clear();
                            which.setInvalid(true);
                        });
    }
}
