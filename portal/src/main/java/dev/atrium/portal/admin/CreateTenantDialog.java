package dev.atrium.portal.admin;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Tenant;
import java.time.ZoneId;
import java.util.Locale;

/** Asks for a tenant. */
final class CreateTenantDialog extends FormDialog {
    private static final int LONGEST_NAME = 100;

    private final transient RegistryAdmin admin;
    private final Runnable whenDone;
    private final TextField name = new TextField();
    private final TextField slug = new TextField();
    private final ComboBox<String> zone = new ComboBox<>();

    CreateTenantDialog(RegistryAdmin admin, Runnable whenDone) {
        super(
                "create-tenant-dialog",
                I18NProvider.translate("tenants.create"),
                I18NProvider.translate("tenants.create"));
        this.admin = admin;
        this.whenDone = whenDone;
        name.setId("tenant-name-field");
        name.setLabel(getTranslation("tenants.name"));
        name.setRequiredIndicatorVisible(true);
        name.setErrorMessage(getTranslation("tenants.name.required"));
        name.setMaxLength(LONGEST_NAME);
        name.addValueChangeListener(change -> suggestSlug(change.getValue()));
        slug.setId("tenant-slug");
        slug.addClassName("mono-input");
        slug.setLabel(getTranslation("tenants.slug"));
        slug.setHelperText(getTranslation("tenants.slug.help"));
        slug.setRequiredIndicatorVisible(true);
        slug.setErrorMessage(getTranslation("upload.name.rule"));
        zone.setId("tenant-zone");
        zone.setLabel(getTranslation("tenants.zone"));
        zone.setHelperText(getTranslation("tenants.zone.help"));
        zone.setItems(ZoneId.getAvailableZoneIds().stream().sorted().toList());
        zone.setValue(Moments.zone().getId().equals("Z") ? "UTC" : Moments.zone().getId());
        FormLayout form = new FormLayout(name, slug, zone);
        form.setResponsiveSteps(new FormLayout.ResponsiveStep("0", 1));
        add(form);
        name.focus();
    }

    @Override
    protected void trySubmit() {
        name.setInvalid(name.isEmpty());
        slug.setInvalid(!ModelName.isValidPart(slug.getValue().strip()));
        if (name.isInvalid() || slug.isInvalid()) {
            return;
        }
        Tenant tenant =
                admin.createTenant(
                        new CreateTenant(
                                slug.getValue().strip(), name.getValue().strip(), zone.getValue()));
        Notices.success(getTranslation("tenants.create.done", tenant.name()));
        close();
        whenDone.run();
    }

    private void suggestSlug(String text) {
        if (slug.isEmpty()) {
            slug.setValue(
                    text.toLowerCase(Locale.ROOT)
                            .replaceAll("[^a-z0-9]+", "-")
                            .replaceAll("^-+|-+$", ""));
        }
    }
}
