package dev.atrium.portal.shell;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.select.SelectVariant;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryAccount;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.tenancy.Tenant;

/** Names the tenant that everything on the page belongs to; a choice for members of several. */
final class TenantSwitcher extends Div {
    private final RegistryAccount account;
    private final CurrentUser currentUser;

    TenantSwitcher(Me me, RegistryAccount account, CurrentUser currentUser) {
        this.account = account;
        this.currentUser = currentUser;
        addClassName("tenant");
        add(me.tenants().size() < 2 ? createName(me.tenant()) : createChoice(me));
    }

    private static Div createName(Tenant tenant) {
        Div name = new Div(Icon.TENANT.create(), new Span(tenant.name()));
        name.addClassName("tenant-name");
        name.setId("tenant-name");
        name.setTitle(I18NProvider.translate("tenant.current", tenant.slug()));
        return name;
    }

    private Select<Tenant> createChoice(Me me) {
        Select<Tenant> choice = new Select<>();
        choice.setId("tenant-switcher");
        choice.addThemeVariants(SelectVariant.LUMO_SMALL);
        choice.setItemLabelGenerator(Tenant::name);
        choice.setItems(me.tenants());
        me.tenants().stream()
                .filter(tenant -> tenant.id().equals(me.tenant().id()))
                .findFirst()
                .ifPresent(choice::setValue);
        choice.setPrefixComponent(Icon.TENANT.create());
        choice.setAriaLabel(I18NProvider.translate("tenant.switch"));
        choice.addValueChangeListener(change -> switchTo(change.getValue()));
        return choice;
    }

    private void switchTo(Tenant tenant) {
        account.switchTenant(tenant.id());
        currentUser.forget();
        // What the page shows and what the navigation offers belong to the old tenant.
        UI.getCurrent().getPage().setLocation("/");
    }
}
