package dev.atrium.portal.apikey;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.QueryParameters;

/** The way to the API keys. */
public final class ApiKeysNavigation {
    static final String PATH = "keys";
    static final String CREATE = "create";

    private ApiKeysNavigation() {}

    public static void toList() {
        UI.getCurrent().navigate(ApiKeysView.class);
    }

    /** Opens the list with the dialog that creates a key. */
    public static void toCreate() {
        UI.getCurrent().navigate(ApiKeysView.class, QueryParameters.of(CREATE, "true"));
    }
}
