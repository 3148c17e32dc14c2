package dev.atrium.gateway.oip;

import dev.atrium.gateway.routing.ModelReference;
import java.util.List;
import java.util.Optional;

/**
 * A path under {@code /v2/models}: {@code {model}[/versions/{v}][/ready|/infer]}, the model with or
 * without its tenant. Nothing is ambiguous, because {@code versions}, {@code ready} and {@code
 * infer} are no names.
 */
record ModelPath(ModelReference reference, Action action) {
    enum Action {
        METADATA,
        READY,
        INFER
    }

    /**
     * @param segments what follows {@code /v2/models}
     */
    static Optional<ModelPath> parse(List<String> segments) {
        if (segments.isEmpty()) {
            return Optional.empty();
        }
        Action action =
                switch (segments.getLast()) {
                    case "ready" -> Action.READY;
                    case "infer" -> Action.INFER;
                    default -> Action.METADATA;
                };
        List<String> model =
                action == Action.METADATA ? segments : segments.subList(0, segments.size() - 1);
        return ModelReference.ofPath(model).map(reference -> new ModelPath(reference, action));
    }
}
