package dev.atrium.portal.catalog;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.RouteParam;
import com.vaadin.flow.router.RouteParameters;
import com.vaadin.flow.router.RouterLink;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ways to the models. */
public final class CatalogNavigation {
    static final String PATH = "models";
    static final String TENANT = "tenant";
    static final String NAME = "name";
    static final String VERSION = "version";
    static final String TEXT = "q";
    static final String TASK = "task";
    static final String UPLOAD = "upload";

    private CatalogNavigation() {}

    public static void toModels() {
        toModels("", null);
    }

    /** Opens the list with the dialog that uploads a model. */
    public static void toUpload() {
        UI.getCurrent().navigate(ModelsView.class, QueryParameters.of(UPLOAD, "true"));
    }

    public static void toModel(ModelName name) {
        UI.getCurrent().navigate(ModelView.class, parameters(name));
    }

    public static RouterLink link(ModelName name) {
        RouterLink link = new RouterLink(name.toString(), ModelView.class, parameters(name));
        link.addClassNames("row-title", "mono");
        return link;
    }

    static void toModels(String text, @Nullable Task task) {
        Map<String, String> query = new HashMap<>();
        if (!text.isBlank()) {
            query.put(TEXT, text);
        }
        if (task != null) {
            query.put(TASK, task.name());
        }
        UI.getCurrent().navigate(ModelsView.class, QueryParameters.simple(query));
    }

    static void toVersion(ModelName name, int version) {
        UI.getCurrent()
                .navigate(
                        ModelView.class,
                        parameters(name),
                        QueryParameters.of(VERSION, String.valueOf(version)));
    }

    private static RouteParameters parameters(ModelName name) {
        return new RouteParameters(
                new RouteParam(TENANT, name.tenant()), new RouteParam(NAME, name.name()));
    }
}
