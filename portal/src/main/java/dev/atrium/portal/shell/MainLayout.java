package dev.atrium.portal.shell;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.applayout.AppLayout;
import com.vaadin.flow.component.applayout.DrawerToggle;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Image;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.SvgIcon;
import com.vaadin.flow.component.orderedlayout.Scroller;
import com.vaadin.flow.component.sidenav.SideNav;
import com.vaadin.flow.component.sidenav.SideNavItem;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Layout;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import com.vaadin.flow.server.menu.MenuConfiguration;
import com.vaadin.flow.server.menu.MenuEntry;
import com.vaadin.flow.spring.security.AuthenticationContext;
import dev.atrium.portal.address.Addresses;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.language.LanguageChoice;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryAccount;
import dev.atrium.portal.registry.RegistryException;
import dev.atrium.portal.registry.RegistryUnreachableException;
import dev.atrium.portal.registry.SignInRequiredException;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.identity.Me;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drawer with the navigation, header with tenant and user. */
@Layout
@AnonymousAllowed
public class MainLayout extends AppLayout implements BeforeEnterObserver {
    private static final Logger log = LoggerFactory.getLogger(MainLayout.class);

    /** Menu entries from here on belong to platform admins. */
    private static final double FIRST_ADMIN_ORDER = 100;

    private final CurrentUser currentUser;
    private final Addresses addresses;
    private final Div account = new Div();

    public MainLayout(
            CurrentUser currentUser,
            Addresses addresses,
            RegistryAccount registryAccount,
            AuthenticationContext authentication,
            LanguageChoice languages) {
        this.currentUser = currentUser;
        this.addresses = addresses;
        setPrimarySection(Section.DRAWER);
        addToDrawer(createBrand(), createNavigation());
        account.addClassName("account");
        DrawerToggle toggle = new DrawerToggle();
        toggle.setAriaLabel(getTranslation("nav.toggle"));
        addToNavbar(toggle, account);
        who().ifPresent(me ->
                account.add(
                        new TenantSwitcher(me, registryAccount, currentUser),
                        new UserMenu(me, authentication, languages, addresses)));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        if (who().map(Me::mustChangePassword).orElse(false)) {
            event.getUI().getPage().setLocation(addresses.changePassword());
        }
    }

    /**
     * The frame is shown without a name when the registry cannot say who this is: the page inside
     * it then explains why.
     */
    private Optional<Me> who() {
        try {
            return Optional.of(currentUser.get());
        } catch (RegistryException e) {
            if (e.is(ErrorCode.PASSWORD_CHANGE_REQUIRED)) {
                UI.getCurrent().getPage().setLocation(addresses.changePassword());
            }
            log.warn("The frame has no user: {}", e.getMessage());
        } catch (RegistryUnreachableException | SignInRequiredException e) {
            log.warn("The frame has no user: {}", e.getMessage());
        }
        return Optional.empty();
    }

    private Anchor createBrand() {
        Image mark = new Image("favicon.svg", "");
        mark.addClassName("brand-mark");
        Span name = new Span("Atrium");
        Anchor brand = new Anchor("", mark, name);
        brand.addClassName("brand");
        brand.setAriaLabel(getTranslation("nav.brand"));
        return brand;
    }

    private Scroller createNavigation() {
        SideNav own = new SideNav();
        own.setId("nav-main");
        SideNav admin = new SideNav(getTranslation("nav.admin"));
        admin.setId("nav-admin");
        for (MenuEntry entry : MenuConfiguration.getMenuEntries()) {
            SideNav target = entry.order() < FIRST_ADMIN_ORDER ? own : admin;
            target.addItem(createItem(entry));
        }
        Div all = new Div(own);
        if (!admin.getItems().isEmpty()) {
            all.add(admin);
        }
        all.addClassName("navigation");
        return new Scroller(all);
    }

    private SideNavItem createItem(MenuEntry entry) {
        SvgIcon icon = new SvgIcon(Icon.SPRITE, entry.icon());
        icon.addClassName("icon");
        SideNavItem item = new SideNavItem(getTranslation(entry.title()), entry.menuClass(), icon);
        item.setMatchNested(!entry.path().isBlank() && !entry.path().equals("/"));
        item.setId("nav-" + entry.icon());
        return item;
    }
}
