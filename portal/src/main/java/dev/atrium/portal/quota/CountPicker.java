package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Asks what a limit counts, and in which windows. */
final class CountPicker extends Div {
    private final transient Runnable whenChanged;
    private final Select<Unit> unit = new Select<>();
    private final Select<Window> window = new Select<>();

    CountPicker(Runnable whenChanged) {
        this.whenChanged = whenChanged;
        addClassName("pair");
        unit.setId("policy-unit");
        unit.setLabel(getTranslation("quota.unit"));
        unit.setItems(Unit.values());
        unit.setItemLabelGenerator(each -> Texts.ofPage().constant("quota.unit", each));
        unit.setValue(Unit.REQUESTS);
        unit.addValueChangeListener(change -> suitUnit());
        window.setId("policy-window");
        window.setLabel(getTranslation("quota.window"));
        window.setItems(windows());
        window.setItemLabelGenerator(each -> Texts.ofPage().constant("quota.window", each));
        window.setValue(Window.DAY);
        window.addValueChangeListener(change -> changed());
        add(unit, window);
    }

    Unit unit() {
        return unit.getValue();
    }

    Window window() {
        return unit.getValue() == Unit.CONCURRENCY
                ? Window.NONE
                : Objects.requireNonNullElse(window.getValue(), Window.MONTH);
    }

    /** Those that the unit can be counted in; a budget is no rate, and what is kept has no end. */
    private List<Window> windows() {
        if (unit.getValue() == Unit.STORED_BYTES) {
            return List.of(Window.LIFETIME);
        }
        boolean isBudget = unit.getValue() == Unit.COST_MICROS;
        return Arrays.stream(Window.values())
                .filter(each -> each.isQuota() || (each.isRate() && !isBudget))
                .toList();
    }

    private void suitUnit() {
        List<Window> windows = windows();
        Window chosen = window.getValue();
        window.setItems(windows);
        window.setValue(
                windows.contains(chosen)
                        ? chosen
                        : windows.contains(Window.MONTH) ? Window.MONTH : windows.getFirst());
        changed();
    }

    private void changed() {
        window.setVisible(
                unit.getValue() != Unit.CONCURRENCY && unit.getValue() != Unit.STORED_BYTES);
        whenChanged.run();
    }
}
