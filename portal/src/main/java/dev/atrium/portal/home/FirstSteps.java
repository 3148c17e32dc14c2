package dev.atrium.portal.home;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.apikey.ApiKeysNavigation;
import dev.atrium.portal.catalog.CatalogNavigation;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.playground.PlaygroundNavigation;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.Scope;

/** What to do first, ticked off by what is really there; gone when all is done. */
final class FirstSteps extends Div {
    private final OrderedList list = new OrderedList();
    private boolean open;

    FirstSteps(Overview overview, Me me) {
        setId("first-steps");
        list.addClassName("steps");
        if (may(me, Scope.MODELS_WRITE)) {
            addStep(
                    "model",
                    overview.ownModels() > 0 || overview.readyModels() > 0,
                    CatalogNavigation::toUpload);
        }
        if (may(me, Scope.KEYS_MANAGE)) {
            addStep("key", overview.activeKeys().orElse(0L) > 0, ApiKeysNavigation::toCreate);
        }
        if (may(me, Scope.INFERENCE_INVOKE)) {
            addStep("call", overview.calls() > 0, PlaygroundNavigation::toPlayground);
        }
        add(new Panel(getTranslation("steps.title"), list).hint(getTranslation("steps.hint")));
    }

    /** Whether something is left to do. */
    boolean isOpen() {
        return open;
    }

    private void addStep(String key, boolean isDone, Runnable action) {
        Div mark = new Div();
        mark.addClassName("step-mark");
        if (isDone) {
            mark.add(Icon.CHECK.create());
        } else {
            mark.setText(String.valueOf(list.getComponentCount() + 1));
        }
        Span title = new Span(getTranslation("steps." + key + ".title"));
        title.addClassName("row-title");
        Span text = new Span(getTranslation("steps." + key + ".text"));
        text.addClassName("quiet");
        Div words = new Div(title, text);
        words.addClassName("stack");
        ListItem item = new ListItem(mark, words);
        item.setId("step-" + key);
        item.addClassName(isDone ? "done" : "todo");
        if (isDone) {
            Span done = new Span(getTranslation("steps.done"));
            done.addClassName("visually-hidden");
            item.add(done);
        } else {
            Button go = new Button(getTranslation("steps." + key + ".action"));
            go.setId("do-" + key);
            go.addClickListener(click -> action.run());
            if (!open) {
                go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
            }
            item.add(go);
            open = true;
        }
        list.add(item);
    }

    private static boolean may(Me me, Scope scope) {
        return me.scopes().contains(scope.wireName());
    }
}
