package dev.atrium.portal.playground;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.QueryParameters;
import dev.atrium.registry.api.catalog.ModelName;

/** The way to the playground. */
public final class PlaygroundNavigation {
    static final String PATH = "playground";
    static final String MODEL = "model";
    static final String VERSION = "version";

    private PlaygroundNavigation() {}

    public static void toPlayground() {
        UI.getCurrent().navigate(PlaygroundView.class);
    }

    /** Opens the playground with this model chosen. */
    public static void toModel(ModelName model) {
        UI.getCurrent().navigate(PlaygroundView.class, QueryParameters.of(MODEL, model.toString()));
    }
}
