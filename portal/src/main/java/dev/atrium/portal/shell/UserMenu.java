package dev.atrium.portal.shell;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.avatar.Avatar;
import com.vaadin.flow.component.contextmenu.MenuItem;
import com.vaadin.flow.component.contextmenu.SubMenu;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Hr;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarVariant;
import com.vaadin.flow.i18n.I18NProvider;
import com.vaadin.flow.spring.security.AuthenticationContext;
import dev.atrium.portal.address.Addresses;
import dev.atrium.portal.language.LanguageChoice;
import dev.atrium.portal.language.Languages;
import dev.atrium.registry.api.identity.Me;
import java.util.Locale;
import java.util.Objects;

/** The menu under the user's initials: language, light or dark, password, sign out. */
final class UserMenu extends MenuBar {
    UserMenu(
            Me me,
            AuthenticationContext authentication,
            LanguageChoice languageChoice,
            Addresses addresses) {
        setId("user-menu");
        addThemeVariants(MenuBarVariant.LUMO_TERTIARY);
        Avatar avatar = new Avatar(me.displayName());
        avatar.getElement().setAttribute("tabindex", "-1");
        MenuItem root = addItem(avatar);
        root.setAriaLabel(I18NProvider.translate("user.menu", me.displayName()));
        SubMenu menu = root.getSubMenu();
        menu.addComponent(createWho(me));
        addLanguages(menu, languageChoice);
        addThemes(menu);
        menu.addComponent(new Hr());
        menu.addItem(
                        I18NProvider.translate("user.password"),
                        click -> UI.getCurrent().getPage().setLocation(addresses.changePassword()))
                .setId("change-password");
        menu.addItem(I18NProvider.translate("user.signout"), click -> authentication.logout())
                .setId("sign-out");
    }

    private static Div createWho(Me me) {
        Span name = new Span(me.displayName());
        name.addClassName("who-name");
        Span mail = new Span(Objects.requireNonNullElse(me.email(), me.principalId()));
        mail.addClassName("who-mail");
        Div who = new Div(name, mail);
        who.addClassName("who");
        return who;
    }

    private static void addLanguages(SubMenu menu, LanguageChoice choice) {
        MenuItem languages = menu.addItem(I18NProvider.translate("user.language"));
        languages.setId("language");
        addLanguage(languages, choice, "English", Languages.ENGLISH);
        addLanguage(languages, choice, "中文", Languages.CHINESE);
    }

    private static void addLanguage(
            MenuItem parent, LanguageChoice choice, String label, Locale locale) {
        MenuItem item =
                parent.getSubMenu().addItem(label, click -> choice.choose(UI.getCurrent(), locale));
        item.setCheckable(true);
        item.setChecked(UI.getCurrent().getLocale().getLanguage().equals(locale.getLanguage()));
        item.setId("language-" + locale.getLanguage());
    }

    private static void addThemes(SubMenu menu) {
        MenuItem themes = menu.addItem(I18NProvider.translate("user.theme"));
        themes.setId("theme");
        for (ColorTheme theme : ColorTheme.values()) {
            themes.getSubMenu()
                    .addItem(
                            I18NProvider.translate("user.theme." + theme.symbol()),
                            click -> theme.apply(UI.getCurrent()))
                    .setId("theme-" + theme.symbol());
        }
    }
}
