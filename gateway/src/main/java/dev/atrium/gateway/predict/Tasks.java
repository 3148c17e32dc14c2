package dev.atrium.gateway.predict;

import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.feed.FeedModel;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Says where to go with a model whose task is another one. */
final class Tasks {
    private static final String PREDICTING =
            Arrays.stream(Task.values())
                    .filter(Task::predicts)
                    .map(Task::name)
                    .collect(Collectors.joining(", "));

    private Tasks() {}

    static void requirePrediction(FeedModel model) {
        String instead =
                switch (model.task()) {
                    case TEXT_EMBEDDING -> "POST /v1/embeddings";
                    case TEXT_GENERATION -> "POST /v1/chat/completions";
                    case TENSORS -> "POST /v2/models/" + model.name() + "/infer";
                    case TEXT_CLASSIFICATION,
                            IMAGE_CLASSIFICATION,
                            TABULAR,
                            AUDIO_CLASSIFICATION,
                            AUTOMATIC_SPEECH_RECOGNITION ->
                            "";
                };
        if (!instead.isEmpty()) {
            throw Refusal.invalid(
                            "the task of "
                                    + model.name()
                                    + " is "
                                    + model.task()
                                    + ": use "
                                    + instead
                                    + ". Natural inputs are for the tasks "
                                    + PREDICTING,
                            "model")
                    .asException();
        }
    }
}
