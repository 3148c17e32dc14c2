package dev.atrium.portal.apikey;

import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.checkbox.CheckboxGroupVariant;
import com.vaadin.flow.component.combobox.MultiSelectComboBox;
import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.atrium.portal.address.Addresses;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks for a key, then shows its secret, once. */
final class CreateApiKeyDialog extends FormDialog {
    private static final int LONGEST_NAME = 100;

    private final transient RegistryApiKeys keys;
    private final transient Addresses addresses;
    private final transient Clock clock;
    private final List<Model> visible;
    private final TextField name = new TextField();
    private final CheckboxGroup<String> scopes = new CheckboxGroup<>();
    private final MultiSelectComboBox<String> allowedModels = new MultiSelectComboBox<>();
    private final Select<Expiry> expiry = new Select<>();
    private final IntegerField requestsPerMinute = new IntegerField();
    private final LabelField label = new LabelField();

    CreateApiKeyDialog(
            RegistryApiKeys keys, RegistryModels models, Me me, Addresses addresses, Clock clock) {
        super("create-key-dialog", translate("keys.create"), translate("keys.create"));
        this.keys = keys;
        this.addresses = addresses;
        this.clock = clock;
        this.visible = models.choices(null).items();
        FormLayout form = new FormLayout();
        form.setResponsiveSteps(new FormLayout.ResponsiveStep("0", 1));
        form.add(createName(), createScopes(me), createModels(), createLimits(), label);
        add(form);
    }

    @Override
    protected void trySubmit() {
        if (name.isEmpty()) {
            name.setInvalid(true);
            name.focus();
            return;
        }
        if (scopes.isEmpty() || requestsPerMinute.isInvalid()) {
            scopes.setInvalid(scopes.isEmpty());
            return;
        }
        if (label.isWrong()) {
            return;
        }
        CreatedApiKey created =
                keys.create(
                        new CreateApiKey(
                                name.getValue().strip(),
                                List.copyOf(scopes.getValue()),
                                List.copyOf(allowedModels.getValue()),
                                expiry.getValue().from(clock.instant()),
                                requestsPerMinute.getValue(),
                                label.label()));
        showSecret(created);
    }

    private TextField createName() {
        name.setId("key-name");
        name.setLabel(getTranslation("keys.name"));
        name.setHelperText(getTranslation("keys.name.help"));
        name.setRequiredIndicatorVisible(true);
        name.setErrorMessage(getTranslation("keys.name.required"));
        name.setMaxLength(LONGEST_NAME);
        name.setValueChangeMode(ValueChangeMode.ON_CHANGE);
        name.focus();
        return name;
    }

    private CheckboxGroup<String> createScopes(Me me) {
        scopes.setId("key-scopes");
        scopes.setLabel(getTranslation("keys.scopes"));
        scopes.addThemeVariants(CheckboxGroupVariant.LUMO_VERTICAL);
        scopes.setItems(me.scopes().stream().filter(CreateApiKeyDialog::isForPrograms).toList());
        scopes.setItemLabelGenerator(scope -> getTranslation("scope." + scope.replace(':', '.')));
        scopes.setErrorMessage(getTranslation("keys.scopes.required"));
        Set<String> usual = Set.of(Scope.INFERENCE_INVOKE.wireName(), Scope.MODELS_READ.wireName());
        scopes.setValue(
                me.scopes().stream()
                        .filter(usual::contains)
                        .collect(java.util.stream.Collectors.toSet()));
        return scopes;
    }

    private MultiSelectComboBox<String> createModels() {
        allowedModels.setId("key-models");
        allowedModels.setLabel(getTranslation("keys.models"));
        allowedModels.setHelperText(getTranslation("keys.models.help"));
        allowedModels.setPlaceholder(getTranslation("keys.models.all"));
        allowedModels.setItems(visible.stream().map(model -> model.name().toString()).toList());
        return allowedModels;
    }

    private FormLayout createLimits() {
        expiry.setId("key-expiry");
        expiry.setLabel(getTranslation("keys.expiry"));
        expiry.setItems(Expiry.values());
        expiry.setValue(Expiry.DAYS_90);
        expiry.setItemLabelGenerator(choice ->
                getTranslation("keys.expiry." + choice.name().toLowerCase(java.util.Locale.ROOT)));
        requestsPerMinute.setId("key-rpm");
        requestsPerMinute.setLabel(getTranslation("keys.rpm"));
        requestsPerMinute.setPlaceholder(getTranslation("keys.rpm.default"));
        requestsPerMinute.setMin(1);
        requestsPerMinute.setMax(1_000_000);
        FormLayout limits = new FormLayout(expiry, requestsPerMinute);
        limits.setResponsiveSteps(
                new FormLayout.ResponsiveStep("0", 1), new FormLayout.ResponsiveStep("22em", 2));
        return limits;
    }

    private void showSecret(CreatedApiKey created) {
        becomeResult(getTranslation("keys.created.title"));
        removeAll();
        add(new CreatedKeyNote(created, exampleModel(), addresses.gateway()));
    }

    /** A model that the new key may call, for the example. */
    private @Nullable Model exampleModel() {
        Set<String> allowed = allowedModels.getValue();
        return visible.stream()
                .filter(model -> allowed.isEmpty() || allowed.contains(model.name().toString()))
                .filter(model -> !model.aliases().isEmpty())
                // A call that fits on a few lines is the better first one.
                .min(Comparator.comparing(model -> model.task() == Task.TENSORS))
                .orElse(null);
    }

    private static boolean isForPrograms(String scope) {
        return !scope.equals(Scope.PLATFORM_ADMIN.wireName());
    }

    private static String translate(String key) {
        return com.vaadin.flow.i18n.I18NProvider.translate(key);
    }

    private enum Expiry {
        DAYS_30(30),
        DAYS_90(90),
        DAYS_365(365),
        NEVER(0);

        private final int days;

        Expiry(int days) {
            this.days = days;
        }

        @Nullable Instant from(Instant now) {
            return days == 0 ? null : now.plus(Duration.ofDays(days));
        }
    }
}
