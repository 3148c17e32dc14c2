package dev.atrium.portal.language;

import com.vaadin.flow.i18n.I18NProvider;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.stereotype.Component;

/** Texts by key from {@code messages*.properties}; English where a language is not spoken. */
@Component
public class Languages implements I18NProvider {
    public static final Locale ENGLISH = Locale.ENGLISH;
    public static final Locale CHINESE = Locale.SIMPLIFIED_CHINESE;

    static final String COOKIE = "atrium_language";

    private static final List<Locale> SPOKEN = List.of(ENGLISH, CHINESE);

    private final transient ResourceBundleMessageSource messages = messages();

    @Override
    public List<Locale> getProvidedLocales() {
        return SPOKEN;
    }

    @Override
    public String getTranslation(String key, Locale locale, Object... arguments) {
        return messages.getMessage(key, arguments, spoken(locale));
    }

    /** What this browser reads: the person's choice, else what it asks for. */
    public Locale of(HttpServletRequest request) {
        return chosen(request.getCookies()).orElseGet(() -> spoken(request.getLocale()));
    }

    static Optional<Locale> chosen(Cookie @Nullable [] cookies) {
        return cookies == null
                ? Optional.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(COOKIE))
                        .map(cookie -> spoken(Locale.forLanguageTag(cookie.getValue())))
                        .findFirst();
    }

    private static Locale spoken(Locale locale) {
        return locale.getLanguage().equals(CHINESE.getLanguage()) ? CHINESE : ENGLISH;
    }

    private static ResourceBundleMessageSource messages() {
        ResourceBundleMessageSource source = new ResourceBundleMessageSource();
        source.setBasename("messages");
        source.setDefaultEncoding("UTF-8");
        source.setFallbackToSystemLocale(false);
        source.setAlwaysUseMessageFormat(true);
        return source;
    }
}
