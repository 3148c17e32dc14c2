package dev.atrium.portal.catalog;

import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.Visibility;
import java.util.Locale;

/** A model's task and visibility in words. */
final class ModelTags {
    private ModelTags() {}

    static Span task(Task task) {
        return tag(taskText(task), "");
    }

    static String taskText(Task task) {
        return I18NProvider.translate("task." + task.name().toLowerCase(Locale.ROOT));
    }

    static Span visibility(Model model) {
        return tag(visibilityText(model.visibility()), String.join(", ", model.sharedWith()));
    }

    static String visibilityText(Visibility visibility) {
        return I18NProvider.translate("visibility." + visibility.name().toLowerCase(Locale.ROOT));
    }

    private static Span tag(String text, String title) {
        Span tag = new Span(text);
        tag.addClassName("tag");
        if (!title.isBlank()) {
            tag.setTitle(title);
        }
        return tag;
    }
}
