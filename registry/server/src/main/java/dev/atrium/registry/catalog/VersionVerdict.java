package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.artifact.Inspection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether files that are sound in themselves fit the model's task and the version's settings. */
sealed interface VersionVerdict {
    /**
     * @param task of the model from now on, decided by its first accepted version if nobody said
     */
    record Ready(Task task, Framework framework, Signature signature, VersionSettings settings)
            implements VersionVerdict {}

    record Rejected(String reason) implements VersionVerdict {}

    /** Longest context that is given to a language model whose version does not ask for more. */
    int DEFAULT_CONTEXT = 4_096;

    Set<String> TEXT_INPUTS =
            Set.of("input_ids", "attention_mask", "token_type_ids", "position_ids");

    static VersionVerdict of(ModelRow model, VersionSettings settings, Inspection found) {
        return switch (found) {
            case Inspection.Rejected rejected -> new Rejected(rejected.reason());
            case Inspection.Accepted accepted -> {
                Task task = model.taskGiven() ? model.task() : taskOf(accepted);
                yield misfit(task, settings, accepted)
                        .<VersionVerdict>map(Rejected::new)
                        .orElseGet(() ->
                                new Ready(
                                        task,
                                        accepted.framework(),
                                        accepted.signature(),
                                        completed(settings, accepted)));
            }
        };
    }

    private static Task taskOf(Inspection.Accepted accepted) {
        if (accepted.framework() == Framework.GGUF) {
            return Task.TEXT_GENERATION;
        }
        return accepted.framework() == Framework.ONNX && accepted.tokenizer()
                ? Task.TEXT_EMBEDDING
                : Task.TENSORS;
    }

    /** Why these files cannot do this task with these settings; empty when they can. */
    static Optional<String> misfit(
            Task task, VersionSettings settings, Inspection.Accepted accepted) {
        return SettingsRules.mismatch(task, settings)
                .or(() -> fileMisfit(task, settings, accepted));
    }

    private static Optional<String> fileMisfit(
            Task task, VersionSettings settings, Inspection.Accepted accepted) {
        boolean generates = accepted.framework() == Framework.GGUF;
        if (generates != (task == Task.TEXT_GENERATION)) {
            return Optional.of(
                    generates
                            ? "a GGUF file generates text, but the task of this model is "
                                    + task
                                    + "; make a model with the task TEXT_GENERATION for it"
                            : "the task of this model is TEXT_GENERATION, which needs a GGUF file,"
                                    + " not "
                                    + accepted.framework());
        }
        if (task == Task.TEXT_EMBEDDING || task == Task.TEXT_CLASSIFICATION) {
            return textMisfit(task, accepted);
        }
        Integer wanted = settings.contextLength();
        Integer possible = accepted.contextLength();
        return wanted != null && possible != null && wanted > possible
                ? Optional.of(
                        "'settings.contextLength' is "
                                + wanted
                                + ", the model was made for at most "
                                + possible
                                + " tokens")
                : Optional.empty();
    }

    private static Optional<String> textMisfit(Task task, Inspection.Accepted accepted) {
        if (accepted.framework() != Framework.ONNX || !accepted.tokenizer()) {
            return Optional.of(
                    "the task of this model is "
                            + task
                            + ", which needs an ONNX file with its tokenizer.json beside it");
        }
        Set<String> inputs =
                accepted.signature().inputs().stream()
                        .map(TensorSpec::name)
                        .collect(Collectors.toSet());
        boolean integers =
                accepted.signature().inputs().stream()
                        .allMatch(input -> input.datatype().matches("INT(32|64)"));
        return inputs.contains("input_ids") && TEXT_INPUTS.containsAll(inputs) && integers
                ? Optional.empty()
                : Optional.of(
                        task
                                + " takes the integer inputs input_ids, attention_mask and"
                                + " token_type_ids; this graph takes "
                                + inputs.stream().sorted().collect(Collectors.joining(", ")));
    }

    /** Fills in what the file says and nobody decided. */
    private static VersionSettings completed(
            VersionSettings settings, Inspection.Accepted accepted) {
        return settings.withContextLength(contextLength(settings, accepted));
    }

    private static @Nullable Integer contextLength(
            VersionSettings settings, Inspection.Accepted accepted) {
        Integer possible = accepted.contextLength();
        return settings.contextLength() != null || possible == null
                ? settings.contextLength()
                : Integer.valueOf(Math.min(possible, DEFAULT_CONTEXT));
    }
}
