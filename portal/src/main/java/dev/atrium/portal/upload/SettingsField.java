package dev.atrium.portal.upload;

import com.vaadin.flow.component.textfield.TextArea;
import dev.atrium.portal.design.JsonFault;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How a version turns its natural input into tensors, as JSON; begins with an example. */
final class SettingsField extends TextArea {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private String suggested = "";

    SettingsField() {
        setId("upload-settings");
        setLabel(getTranslation("upload.settings"));
        setHelperText(getTranslation("upload.settings.help"));
        addClassName("mono-input");
        setMaxHeight("16em");
    }

    /** The example of another task takes the place of one that nobody touched. */
    void suggestFor(Task task) {
        if (getValue().equals(suggested)) {
            suggested = example(task);
            setValue(suggested);
        }
        setVisible(task.predicts());
    }

    /** For a version of a model whose task is known to the registry alone. */
    void offer() {
        if (getValue().equals(suggested)) {
            suggested = "";
            clear();
        }
        setVisible(true);
    }

    /** Whether what is written can be read; empty text is. */
    boolean check() {
        boolean valid = !isVisible() || isEmpty() || parsed().isPresent();
        setInvalid(!valid);
        if (!valid) {
            focus();
        }
        return valid;
    }

    /** Null where nothing is set. */
    @Nullable VersionSettings settings() {
        return !isVisible() || isEmpty() ? null : parsed().orElse(null);
    }

    private Optional<VersionSettings> parsed() {
        try {
            return Optional.ofNullable(JSON.readValue(getValue(), VersionSettings.class));
        } catch (JacksonException e) {
            setErrorMessage(JsonFault.words(this, "upload.settings.invalid", e));
            return Optional.empty();
        }
    }

    private static String example(Task task) {
        return switch (task) {
            case TEXT_CLASSIFICATION ->
                    """
                    {"labels": ["negative", "positive"]}\
                    """;
            case IMAGE_CLASSIFICATION ->
                    """
                    {
                      "labels": ["cat", "dog"],
                      "image": {"width": 224, "height": 224, "shorterSide": 256,
                        "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
                    }\
                    """;
            case TABULAR ->
                    """
                    {
                      "labels": ["no", "yes"],
                      "columns": [
                        {"name": "age", "mean": 40, "std": 12},
                        {"name": "city", "kind": "one-hot", "categories": ["Berlin", "Paris"]}
                      ]
                    }\
                    """;
            case AUDIO_CLASSIFICATION ->
                    """
                    {
                      "labels": ["dog", "siren"],
                      "audio": {"sampleRate": 16000, "seconds": 1, "features": "log-mel",
                        "mel": {"fftSize": 512, "windowLength": 400, "hopLength": 160, "bands": 64}}
                    }\
                    """;
            case AUTOMATIC_SPEECH_RECOGNITION ->
                    """
                    {
                      "audio": {"sampleRate": 16000, "normalize": "recording", "maxSeconds": 60},
                      "ctc": {"vocabulary": ["<pad>", "|", "a", "b"], "blank": 0, "wordDelimiter": "|"}
                    }\
                    """;
            case TEXT_EMBEDDING, TEXT_GENERATION, TENSORS -> "";
        };
    }
}
