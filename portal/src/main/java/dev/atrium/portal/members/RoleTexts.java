package dev.atrium.portal.members;

import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.registry.api.tenancy.Role;
import java.util.Locale;

/** Roles in words. */
final class RoleTexts {
    private RoleTexts() {}

    static String of(Role role) {
        return I18NProvider.translate("role." + role.name().toLowerCase(Locale.ROOT));
    }

    static String explained(Role role) {
        return I18NProvider.translate("role." + role.name().toLowerCase(Locale.ROOT) + ".text");
    }
}
