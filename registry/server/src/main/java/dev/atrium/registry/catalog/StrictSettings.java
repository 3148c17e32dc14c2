package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.AudioSettings;
import dev.atrium.registry.api.catalog.ColumnSettings;
import dev.atrium.registry.api.catalog.CtcSettings;
import dev.atrium.registry.api.catalog.ImageSettings;
import dev.atrium.registry.api.catalog.MelSettings;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.error.InvalidRequestException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;

/**
 * Refuses settings that nobody would obey: elsewhere an unknown member is what a later release
 * knows, but a misspelt {@code labels} would only show in wrong answers.
 */
@Configuration(proxyBeanMethods = false)
class StrictSettings {
    private static final Set<Class<?>> STRICT =
            Set.of(
                    VersionSettings.class,
                    ImageSettings.class,
                    ColumnSettings.class,
                    AudioSettings.class,
                    MelSettings.class,
                    CtcSettings.class,
                    Execution.class,
                    Batching.class);

    /** Tasks that people look for, and that a model of another task does when it is asked to. */
    private static final Set<String> DONE_BY_CONVERSATIONS = Set.of("TRANSLATION", "SUMMARIZATION");

    @Bean
    JsonMapperBuilderCustomizer refuseUnknownSettings() {
        return json -> json.addHandler(new Refusing());
    }

    private static final class Refusing extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                ValueDeserializer<?> deserializer,
                Object beanOrClass,
                String property) {
            Class<?> type = beanOrClass instanceof Class<?> named ? named : beanOrClass.getClass();
            if (!STRICT.contains(type)) {
                return false;
            }
            throw new InvalidRequestException(
                    "'"
                            + printable(property)
                            + "' is no setting; there are "
                            + Arrays.stream(type.getRecordComponents())
                                    .map(java.lang.reflect.RecordComponent::getName)
                                    .collect(Collectors.joining(", ")));
        }

        @Override
        public Object handleWeirdStringValue(
                DeserializationContext context, Class<?> target, String value, String reason) {
            if (target != Task.class) {
                return NOT_HANDLED;
            }
            throw new InvalidRequestException(
                    "the task '"
                            + printable(value)
                            + "' is not built; "
                            + instead(value)
                            + "there are "
                            + Arrays.stream(Task.values())
                                    .map(Task::name)
                                    .collect(Collectors.joining(", ")));
        }

        /** What does the same under another name. */
        private static String instead(String task) {
            return DONE_BY_CONVERSATIONS.contains(task.toUpperCase(Locale.ROOT))
                    ? "a model of TEXT_GENERATION does it on /v1/chat/completions; "
                    : "";
        }

        private static String printable(String text) {
            String shown = text.length() > 64 ? text.substring(0, 64) + "…" : text;
            return shown.replaceAll("\\p{Cntrl}", "?");
        }
    }
}
