package dev.atrium.portal.language;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.SessionInitEvent;
import com.vaadin.flow.server.VaadinServiceInitListener;
import com.vaadin.flow.server.VaadinSession;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Remembers in a cookie which language a person chose, and applies it to new sessions. */
@Component
public class LanguageChoice implements VaadinServiceInitListener {

    /** Shows the portal in this language from now on. */
    public void choose(UI ui, Locale locale) {
        VaadinSession.getCurrent().setLocale(locale);
        // The server's answer to this request may be a push message, which cannot set a cookie.
        ui.getPage()
                .executeJs(
                        "document.cookie = $0 + '=' + $1 + ';path=/;max-age=31536000;samesite=lax'"
                                + " + (location.protocol === 'https:' ? ';secure' : '');"
                                + "location.reload()",
                        Languages.COOKIE,
                        locale.toLanguageTag());
    }

    @Override
    public void serviceInit(ServiceInitEvent event) {
        event.getSource().addSessionInitListener(LanguageChoice::applyChoice);
    }

    private static void applyChoice(SessionInitEvent event) {
        Languages.chosen(event.getRequest().getCookies()).ifPresent(event.getSession()::setLocale);
    }
}
