package dev.atrium.portal.deployment;

import com.vaadin.flow.component.Component;
import dev.atrium.portal.design.Amounts;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a deployment says of how it is computed, in a line. */
final class ExecutionWords {
    private ExecutionWords() {}

    /** Empty where it leaves everything to the nodes. */
    static String of(Execution execution, Component page) {
        List<String> words = new ArrayList<>();
        if (execution.threads() != null) {
            words.add(page.getTranslation("execution.said.threads", execution.threads()));
        }
        if (execution.instances() != null) {
            words.add(page.getTranslation("execution.said.instances", execution.instances()));
        }
        if (execution.device() != null) {
            words.add(execution.device());
        }
        words.addAll(of(execution.wantedBatching(), page));
        return String.join(" · ", words);
    }

    private static List<String> of(Batching batching, Component page) {
        List<String> words = new ArrayList<>();
        if (!batching.joinsCalls()) {
            return List.of(page.getTranslation("execution.said.alone"));
        }
        if (batching.maxRows() != null) {
            words.add(page.getTranslation("execution.said.rows", batching.maxRows()));
        }
        if (batching.maxBytes() != null) {
            String bytes =
                    Amounts.bytes(
                            batching.maxBytes(),
                            page.getUI()
                                    .map(ui -> ui.getLocale())
                                    .orElse(java.util.Locale.ENGLISH));
            words.add(page.getTranslation("execution.said.bytes", bytes));
        }
        if (batching.maxDelayMicros() != null) {
            words.add(
                    page.getTranslation(
                            "execution.said.delay", batching.maxDelayMicros() / 1_000.0));
        }
        if (batching.preferredRows() != null) {
            words.add(
                    page.getTranslation(
                            "execution.said.sizes",
                            batching.preferredRows().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))));
        }
        return words;
    }
}
