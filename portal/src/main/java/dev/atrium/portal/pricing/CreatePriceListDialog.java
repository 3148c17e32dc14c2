package dev.atrium.portal.pricing;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryPrices;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceList;
import java.util.Currency;

/** Asks for a price list. */
final class CreatePriceListDialog extends FormDialog {
    private static final int LONGEST_NAME = 200;

    private final transient RegistryPrices prices;
    private final Runnable whenDone;
    private final TextField name = new TextField();
    private final ComboBox<String> currency = new ComboBox<>();

    CreatePriceListDialog(RegistryPrices prices, Runnable whenDone) {
        super(
                "create-price-list-dialog",
                I18NProvider.translate("prices.create"),
                I18NProvider.translate("prices.create"));
        this.prices = prices;
        this.whenDone = whenDone;
        name.setId("price-list-name");
        name.setLabel(getTranslation("prices.name"));
        name.setRequiredIndicatorVisible(true);
        name.setErrorMessage(getTranslation("prices.name.required"));
        name.setMaxLength(LONGEST_NAME);
        currency.setId("price-list-currency");
        currency.setLabel(getTranslation("prices.currency"));
        currency.setHelperText(getTranslation("prices.currency.help"));
        currency.setRequiredIndicatorVisible(true);
        currency.setErrorMessage(getTranslation("prices.currency.required"));
        currency.setItems(
                Currency.availableCurrencies().map(Currency::getCurrencyCode).sorted().toList());
        FormLayout form = new FormLayout(name, currency);
        form.setResponsiveSteps(new FormLayout.ResponsiveStep("0", 1));
        add(form);
        name.focus();
    }

    @Override
    protected void trySubmit() {
        name.setInvalid(name.isEmpty());
        currency.setInvalid(currency.isEmpty());
        if (name.isInvalid() || currency.isInvalid()) {
            return;
        }
        PriceList made =
                prices.create(new CreatePriceList(name.getValue().strip(), currency.getValue()));
        Notices.success(getTranslation("prices.create.done", made.name()));
        close();
        whenDone.run();
    }
}
