package dev.atrium.portal.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.tenancy.Tenant;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

@SignedIn(platformAdmin = true)
class PriceListsIT extends ViewTest {
    @Test
    void makesTheFirstListEverybodysAndSaysSo() {
        navigate(PriceListsView.class);
        assertThat(text()).contains("No price lists yet");

        createList("Standard", "EUR");

        assertThat(state.priceLists).extracting(PriceList::currency).containsExactly("EUR");
        assertThat(rows("price-lists")).isEqualTo(1);
        assertThat(text()).contains("Standard", "Everybody without a list");
    }

    @Test
    void setsAPriceForAModelInMillionths() {
        openNewList();

        click("set-price");
        type("price-model", "acme/chat");
        $(IntegerField.class).withId("price-version").single().setValue(2);
        type("price-input", "2.50");
        type("price-output", "10");
        click("set-price-dialog-submit");

        PriceEntry made = state.prices.getFirst();
        assertThat(made.model()).hasToString("acme/chat");
        assertThat(made.version()).isEqualTo(2);
        assertThat(made.prices()).isEqualTo(new UnitPrices(null, 2_500_000L, 10_000_000L, null));
        assertThat(text()).contains("acme/chat", "€2.50", "€10.00");
    }

    @Test
    void setsWhatIsFreeBesideItsAmountOnly() {
        openNewList();

        click("set-price");
        type("price-output", "10");
        type("price-free-input", "5");
        type("price-free-output", "0");
        click("set-price-dialog-submit");
        assertThat(state.prices).isEmpty();
        type("price-free-input", "");
        type("price-free-output", "1000");
        click("set-price-dialog-submit");

        assertThat(state.prices.getFirst().prices().free())
                .isEqualTo(new FreeUnits(null, null, 1_000L, null));
        assertThat(text()).contains("€10.00, first 1,000 free");
    }

    @Test
    void setsPricesOfPicturesAndSound() {
        openNewList();

        click("set-price");
        type("price-images", "2000");
        type("price-free-images", "100");
        type("price-audio", "0.1");
        click("set-price-dialog-submit");

        assertThat(state.prices.getFirst().prices())
                .isEqualTo(
                        new UnitPrices(
                                null,
                                null,
                                null,
                                null,
                                2_000_000_000L,
                                100_000L,
                                new FreeUnits(null, null, null, null, 100L, null)));
        assertThat(text()).contains("€2,000.00, first 100 free", "€0.10");
    }

    @Test
    void refusesAPriceOfNothingAndAnUnknownName() {
        openNewList();

        click("set-price");
        type("price-model", "chat");
        type("price-requests", "a lot");
        click("set-price-dialog-submit");

        assertThat($(TextField.class).withId("price-model").single().isInvalid()).isTrue();
        assertThat($(TextField.class).withId("price-requests").single().isInvalid()).isTrue();
        assertThat(state.prices).isEmpty();
    }

    @Test
    void withdrawsAPriceThatHasNotBegun() {
        openNewList();
        click("set-price");
        type("price-requests", "1");
        $(DateTimePicker.class)
                .withId("price-from")
                .single()
                .setValue(LocalDateTime.now().plusDays(3).withNano(0));
        click("set-price-dialog-submit");
        assertThat(rows("prices")).isEqualTo(1);

        click("withdraw-" + state.prices.getFirst().id());

        assertThat(state.prices).isEmpty();
        assertThat(text()).contains("No prices yet");
    }

    @Test
    @SuppressWarnings("unchecked")
    void assignsAListToATenant() {
        openNewList();

        click("assign-price-list");
        ComboBox<Tenant> tenants = $(ComboBox.class).withId("price-list-tenant").single();
        tenants.setValue(state.globex);
        click("assign-price-list-dialog-submit");

        assertThat(state.requests)
                .contains("PUT /api/v1/admin/tenants/" + state.globex.id() + "/price-list");
        assertThat(state.priceLists.getFirst().tenants()).isEqualTo(1);
    }

    @Test
    @SignedIn
    void isClosedToOwners() {
        navigateToFailure("admin/price-lists");

        assertThat(text()).contains("Nothing here");
    }

    private void openNewList() {
        navigate(PriceListsView.class);
        createList("Standard", "EUR");
        click("open-" + state.priceLists.getFirst().id());
    }

    @SuppressWarnings("unchecked")
    private void createList(String name, String currency) {
        click("create-price-list");
        type("price-list-name", name);
        ComboBox<String> choice = $(ComboBox.class).withId("price-list-currency").single();
        choice.setValue(currency);
        click("create-price-list-dialog-submit");
    }

    private void type(String id, String text) {
        test($(TextField.class).withId(id).single()).setValue(text);
    }
}
