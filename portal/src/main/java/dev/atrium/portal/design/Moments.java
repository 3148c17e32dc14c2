package dev.atrium.portal.design;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.dom.Element;
import com.vaadin.flow.i18n.I18NProvider;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times in the reader's own zone, with UTC in the tooltip. */
public final class Moments {
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private Moments() {}

    /** Date and time; a dash when there is none. */
    public static Component dateTime(@Nullable Instant instant) {
        return instant == null ? none() : element(instant, formatted(instant, locale()));
    }

    /** Date and time to the second, for lists of calls. */
    public static Component exact(Instant instant) {
        DateTimeFormatter format =
                DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.MEDIUM);
        return element(instant, format.withLocale(locale()).withZone(zone()).format(instant));
    }

    /** How long ago, in words; a dash when there is none. */
    public static Component ago(@Nullable Instant instant, Instant now) {
        if (instant == null) {
            return none();
        }
        Component element = element(instant, words(Duration.between(instant, now)));
        element.getElement()
                .setAttribute("title", formatted(instant, locale()) + " · " + UTC.format(instant));
        return element;
    }

    /** How long until, in words. */
    public static String until(Instant instant, Instant now) {
        Duration left = Duration.between(now, instant);
        if (left.toDays() > 1) {
            return I18NProvider.translate("time.in.days", left.toDays());
        }
        return left.toHours() > 1
                ? I18NProvider.translate("time.in.hours", left.toHours())
                : I18NProvider.translate("time.in.minutes", Math.max(left.toMinutes(), 0));
    }

    public static String formatted(Instant instant, Locale locale) {
        return formatted(instant, locale, zone());
    }

    /** As it is in another zone than the reader's. */
    public static String formatted(Instant instant, Locale locale, ZoneId zone) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(locale)
                .withZone(zone)
                .format(instant);
    }

    /** The zone of the browser, UTC while it is unknown. */
    public static ZoneId zone() {
        UI ui = UI.getCurrent();
        String id = ui == null ? null : ui.getPage().getExtendedClientDetails().getTimeZoneId();
        try {
            return id == null || id.isBlank() ? ZoneOffset.UTC : ZoneId.of(id);
        } catch (DateTimeException e) {
            // A browser may know a zone that this JDK does not.
            return ZoneOffset.UTC;
        }
    }

    private static String words(Duration age) {
        if (age.toMinutes() < 1) {
            return I18NProvider.translate("time.now");
        }
        if (age.toHours() < 1) {
            return I18NProvider.translate("time.minutes", age.toMinutes());
        }
        return age.toDays() < 1
                ? I18NProvider.translate("time.hours", age.toHours())
                : I18NProvider.translate("time.days", age.toDays());
    }

    private static Component none() {
        Span dash = new Span("—");
        dash.addClassName("quiet");
        return dash;
    }

    private static Component element(Instant instant, String text) {
        return new Time(instant, text);
    }

    private static Locale locale() {
        UI ui = UI.getCurrent();
        return ui == null ? Locale.ENGLISH : ui.getLocale();
    }

    private static final class Time extends Component {
        Time(Instant instant, String text) {
            super(new Element("time"));
            getElement().setText(text);
            getElement().setAttribute("datetime", instant.toString());
            getElement().setAttribute("title", UTC.format(instant));
        }
    }
}
