package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.error.InvalidRequestException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the settings of a version may say. Bounds hold for every task; which members a task has is
 * known once the task is.
 */
final class SettingsRules {
    private static final int MAX_TOKENS = 1 << 24;
    private static final int MAX_LABELS = 10_000;
    private static final int MAX_NAME = 200;
    private static final int MAX_TOP = 1_000;
    private static final String TEXT_RULE = "must be a text of 1 to " + MAX_NAME + " characters";

    /** Members that belong to some tasks only. */
    private static final Map<String, Function<VersionSettings, @Nullable Object>> MEMBERS =
            Map.ofEntries(
                    Map.entry("pooling", VersionSettings::pooling),
                    Map.entry("normalize", VersionSettings::normalize),
                    Map.entry("maxInputTokens", VersionSettings::maxInputTokens),
                    Map.entry("contextLength", VersionSettings::contextLength),
                    Map.entry("labels", VersionSettings::labels),
                    Map.entry("activation", VersionSettings::activation),
                    Map.entry("topK", VersionSettings::topK),
                    Map.entry("output", VersionSettings::output),
                    Map.entry("image", VersionSettings::image),
                    Map.entry("columns", VersionSettings::columns),
                    Map.entry("audio", VersionSettings::audio),
                    Map.entry("ctc", VersionSettings::ctc));

    private SettingsRules() {}

    static VersionSettings checked(@Nullable VersionSettings settings) {
        if (settings == null) {
            return VersionSettings.DEFAULT;
        }
        requireOneOf("pooling", settings.pooling(), "mean", "cls");
        requireRange("maxInputTokens", settings.maxInputTokens(), MAX_TOKENS);
        requireRange("contextLength", settings.contextLength(), MAX_TOKENS);
        requireRange("warmUpBatch", settings.warmUpBatch(), 1_024);
        requireRange("topK", settings.topK(), MAX_TOP);
        requireOneOf("activation", settings.activation(), "softmax", "sigmoid", "none");
        if (settings.output() != null) {
            requireName("output", settings.output());
        }
        if (settings.labels() != null) {
            requireNames("labels", settings.labels(), MAX_LABELS);
        }
        InputRules.check(settings);
        AudioRules.check(settings);
        return settings;
    }

    /** Members that mean nothing for the task are refused: their owner expects them to matter. */
    static Optional<String> mismatch(Task task, VersionSettings settings) {
        Set<String> known = members(task);
        Optional<String> stranger =
                MEMBERS.keySet().stream()
                        .sorted()
                        .filter(name -> !known.contains(name))
                        .filter(name -> isGiven(name, settings))
                        .findFirst();
        if (stranger.isPresent()) {
            return Optional.of(
                    "'settings." + stranger.get() + "' means nothing for the task " + task);
        }
        return task == Task.TABULAR && settings.columns() == null
                ? Optional.of(
                        "the task TABULAR needs 'settings.columns', which say how a row becomes"
                                + " numbers")
                : Optional.empty();
    }

    private static boolean isGiven(String member, VersionSettings settings) {
        Function<VersionSettings, @Nullable Object> value = MEMBERS.get(member);
        return value != null && value.apply(settings) != null;
    }

    private static Set<String> members(Task task) {
        return switch (task) {
            case TEXT_EMBEDDING -> Set.of("pooling", "normalize", "maxInputTokens");
            case TEXT_GENERATION -> Set.of("contextLength", "maxInputTokens");
            case TENSORS -> Set.of();
            case TEXT_CLASSIFICATION -> predicting("maxInputTokens");
            case IMAGE_CLASSIFICATION -> predicting("image");
            case TABULAR -> predicting("columns");
            case AUDIO_CLASSIFICATION -> predicting("audio");
            case AUTOMATIC_SPEECH_RECOGNITION -> Set.of("audio", "ctc", "output");
        };
    }

    private static Set<String> predicting(String own) {
        return Set.of("labels", "activation", "topK", "output", own);
    }

    static void requireNames(String member, List<String> names, int most) {
        if (names.isEmpty() || names.size() > most) {
            throw invalid(member, "has " + names.size() + " entries but must have 1 to " + most);
        }
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            requireName(member + "[" + i + "]", names.get(i));
            if (!seen.add(names.get(i))) {
                throw invalid(member + "[" + i + "]", "stands there twice");
            }
        }
    }

    static void requireName(String member, @Nullable String name) {
        if (name == null || name.isBlank()) {
            throw invalid(member, TEXT_RULE);
        }
        requireText(member, name);
    }

    /** Unlike a name it may be a space. */
    static void requireText(String member, @Nullable String name) {
        if (name == null || name.isEmpty() || name.length() > MAX_NAME) {
            throw invalid(member, TEXT_RULE);
        }
        if (!name.codePoints().allMatch(SettingsRules::isStorable)) {
            throw invalid(member, "has a control character or half of one");
        }
    }

    /** The database keeps no other text. */
    private static boolean isStorable(int codePoint) {
        return !Character.isISOControl(codePoint)
                && Character.getType(codePoint) != Character.SURROGATE;
    }

    static void requireOneOf(String member, @Nullable String value, String... allowed) {
        if (value != null && !Arrays.asList(allowed).contains(value)) {
            throw invalid(member, "is '" + value + "' but must be " + String.join(" or ", allowed));
        }
    }

    static void requireRange(String member, @Nullable Integer value, int max) {
        if (value != null && (value < 1 || value > max)) {
            throw invalid(member, "is " + value + " but must be 1 to " + max);
        }
    }

    static void requireBetween(String member, @Nullable Double value, double least, double most) {
        if (value != null && !(value >= least && value <= most)) {
            throw invalid(member, "is " + value + " but must be " + least + " to " + most);
        }
    }

    static InvalidRequestException invalid(String member, String rule) {
        return new InvalidRequestException("'settings." + member + "' " + rule);
    }
}
