package dev.atrium.portal.deployment;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Execution;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a deployment is computed; an empty field leaves it to the node. */
final class ExecutionForm extends FormLayout {
    private static final int KILOBYTE = 1_024;
    private static final int MICROS = 1_000;

    private final IntegerField threads = number("threads", 1, 64);
    private final IntegerField instances = number("instances", 1, 16);
    private final TextField device = text("device");
    private final Checkbox joins = new Checkbox();
    private final IntegerField maxRows = number("max-rows", 1, 1_024);
    private final IntegerField maxKilobytes = number("max-kilobytes", 1, 65_536);
    private final IntegerField maxDelay = number("max-delay", 0, 100);
    private final TextField preferred = text("preferred-rows");
    private final Execution before;

    /**
     * @param batches false where calls never share batches
     */
    ExecutionForm(Execution before, boolean batches) {
        this.before = before;
        joins.setId("execution-batches");
        joins.setLabel(getTranslation("execution.batches"));
        Paragraph hint = new Paragraph(getTranslation("execution.hint"));
        hint.addClassName("hint");
        setColspan(hint, 2);
        add(hint, threads, instances, device);
        if (batches) {
            setColspan(joins, 2);
            add(joins, maxRows, maxKilobytes, maxDelay, preferred);
        }
        device.setPlaceholder(Execution.CPU);
        device.setPattern("CPU|GPU:[0-9]{1,3}");
        device.setErrorMessage(getTranslation("execution.device.wrong"));
        preferred.setPlaceholder("8, 16, 32");
        preferred.setPattern(" *([0-9]{1,4} *(, *[0-9]{1,4} *)*)?");
        preferred.setErrorMessage(getTranslation("execution.preferred-rows.wrong"));
        joins.addValueChangeListener(change -> enable(change.getValue()));
        read();
    }

    private IntegerField number(String name, int least, int most) {
        IntegerField field = new IntegerField(getTranslation("execution." + name));
        field.setId("execution-" + name);
        field.setMin(least);
        field.setMax(most);
        field.setErrorMessage(getTranslation("execution.range", least, most));
        field.setPlaceholder(getTranslation("execution.node"));
        return field;
    }

    private TextField text(String name) {
        TextField field = new TextField(getTranslation("execution." + name));
        field.setId("execution-" + name);
        return field;
    }

    private void read() {
        Batching batching = before.wantedBatching();
        threads.setValue(before.threads());
        instances.setValue(before.instances());
        device.setValue(before.device() == null ? "" : before.device());
        joins.setValue(batching.joinsCalls());
        maxRows.setValue(batching.maxRows());
        Long bytes = batching.maxBytes();
        maxKilobytes.setValue(bytes == null ? null : Math.toIntExact(bytes / KILOBYTE));
        Long micros = batching.maxDelayMicros();
        maxDelay.setValue(micros == null ? null : Math.toIntExact(micros / MICROS));
        List<Integer> sizes = batching.preferredRows();
        preferred.setValue(
                sizes == null
                        ? ""
                        : sizes.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        enable(batching.joinsCalls());
    }

    private void enable(boolean isOn) {
        List.of(maxRows, maxKilobytes, maxDelay).forEach(field -> field.setEnabled(isOn));
        preferred.setEnabled(isOn);
    }

    boolean isWrong() {
        return List.of(threads, instances, maxRows, maxKilobytes, maxDelay).stream()
                        .anyMatch(IntegerField::isInvalid)
                || device.isInvalid()
                || preferred.isInvalid();
    }

    Execution execution() {
        Batching batching =
                new Batching(
                        joins.getValue() ? null : Boolean.FALSE,
                        maxRows.getValue(),
                        maxBytes(),
                        maxDelayMicros(),
                        sizes());
        return new Execution(
                threads.getValue(),
                instances.getValue(),
                device.isEmpty() ? null : device.getValue(),
                before.precision(),
                batching.equals(Batching.DEFAULT) ? null : batching);
    }

    /** What was not touched keeps the bytes that no kilobytes say. */
    private @Nullable Long maxBytes() {
        Integer kilobytes = maxKilobytes.getValue();
        Long old = before.wantedBatching().maxBytes();
        if (kilobytes == null) {
            return null;
        }
        return old != null && old / KILOBYTE == kilobytes
                ? old
                : Long.valueOf((long) kilobytes * KILOBYTE);
    }

    private @Nullable Long maxDelayMicros() {
        Integer millis = maxDelay.getValue();
        Long old = before.wantedBatching().maxDelayMicros();
        if (millis == null) {
            return null;
        }
        return old != null && old / MICROS == millis ? old : Long.valueOf((long) millis * MICROS);
    }

    private @Nullable List<Integer> sizes() {
        if (preferred.getValue().isBlank()) {
            return null;
        }
        return Arrays.stream(preferred.getValue().split(","))
                .map(String::strip)
                .map(Integer::valueOf)
                .toList();
    }
}
