package dev.atrium.portal.admin;

import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;

/** Whether a machine's heartbeat arrives. */
final class Aliveness {
    private Aliveness() {}

    static Badge of(boolean isAlive) {
        return isAlive
                ? new Badge(Tone.GOOD, I18NProvider.translate("machine.alive"))
                : new Badge(Tone.BAD, I18NProvider.translate("machine.silent"));
    }
}
