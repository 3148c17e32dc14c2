package dev.atrium.portal.pricing;

import com.vaadin.flow.component.textfield.TextField;
import org.jspecify.annotations.Nullable;

/** How many units of a month cost nothing; empty for none, and only beside an amount. */
final class FreeField extends TextField {
    private static final int MOST_DIGITS = 15;

    private final TextField amount;

    FreeField(String unit, TextField amount) {
        this.amount = amount;
        setId("price-free-" + unit);
        setLabel(getTranslation("prices.free"));
        setErrorMessage(getTranslation("prices.free.rule"));
        getElement().setAttribute("inputmode", "numeric");
    }

    void check() {
        setInvalid(!isEmpty() && (amount.isEmpty() || !isCount(getValue().strip())));
    }

    private static boolean isCount(String text) {
        return text.length() <= MOST_DIGITS && text.matches("[0-9]*[1-9][0-9]*");
    }

    @Nullable Long units() {
        return isEmpty() ? null : Long.valueOf(getValue().strip());
    }
}
