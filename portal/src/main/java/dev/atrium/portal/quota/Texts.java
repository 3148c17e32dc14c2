package dev.atrium.portal.quota;

import com.vaadin.flow.i18n.I18NProvider;
import java.io.Serializable;
import java.util.Locale;

/** Texts by key in the reader's language. */
@FunctionalInterface
interface Texts extends Serializable {
    String of(String key, Object... values);

    /** In the language of the page that is being built. */
    static Texts ofPage() {
        return I18NProvider::translate;
    }

    /** The text of one constant: {@code prefix.name}, in lower case. */
    default String constant(String prefix, Enum<?> constant) {
        return of(prefix + "." + constant.name().toLowerCase(Locale.ROOT));
    }
}
