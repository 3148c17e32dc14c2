package dev.atrium.portal.design;

import com.vaadin.flow.component.Component;
import tools.jackson.core.JacksonException;

/** Where a text that somebody typed stops being JSON, in words behind what is wrong with it. */
public final class JsonFault {
    private JsonFault() {}

    /**
     * @param what is wrong, as a key of the translations
     */
    public static String words(Component where, String what, JacksonException fault) {
        String words = where.getTranslation(what);
        return fault.getLocation() == null
                ? words
                : words
                        + " "
                        + where.getTranslation(
                                "tensor.nojson.where",
                                fault.getLocation().getLineNr(),
                                fault.getLocation().getColumnNr());
    }
}
