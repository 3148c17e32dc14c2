package dev.atrium.portal.pricing;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.registry.RegistryPrices;
import dev.atrium.registry.api.pricing.AssignPriceList;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.tenancy.Tenant;

/** Asks which tenant is to pay by a list of its own. */
final class AssignDialog extends FormDialog {
    private final transient RegistryPrices prices;
    private final transient PriceList list;
    private final Runnable whenDone;
    private final ComboBox<Tenant> tenant = new ComboBox<>();

    AssignDialog(RegistryPrices prices, RegistryAdmin admin, PriceList list, Runnable whenDone) {
        super(
                "assign-price-list-dialog",
                I18NProvider.translate("prices.assign.named", list.name()),
                I18NProvider.translate("prices.assign"));
        this.prices = prices;
        this.list = list;
        this.whenDone = whenDone;
        tenant.setId("price-list-tenant");
        tenant.setLabel(getTranslation("prices.tenant"));
        tenant.setErrorMessage(getTranslation("prices.tenant.required"));
        tenant.setRequiredIndicatorVisible(true);
        tenant.setItems(admin.allTenants());
        tenant.setItemLabelGenerator(Tenant::name);
        add(tenant, new Paragraph(getTranslation("prices.assign.text")));
    }

    @Override
    protected void trySubmit() {
        tenant.setInvalid(tenant.isEmpty());
        if (tenant.isInvalid()) {
            return;
        }
        Tenant chosen = tenant.getValue();
        prices.assign(chosen.id(), new AssignPriceList(list.id()));
        Notices.success(getTranslation("prices.assign.done", chosen.name()));
        close();
        whenDone.run();
    }
}
