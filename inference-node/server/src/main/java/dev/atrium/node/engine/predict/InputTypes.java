package dev.atrium.node.engine.predict;

import dev.atrium.node.api.NaturalTypes;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.registry.api.catalog.Task;

/** Takes an input out of the form it may have come in, and refuses what the task does not take. */
final class InputTypes {
    private InputTypes() {}

    static NaturalInput accepted(Task task, NaturalInput sent) {
        NaturalInput input =
                NaturalTypes.bare(sent.contentType()).equals(NaturalTypes.FORM)
                        ? FormFile.of(sent)
                        : sent;
        if (!NaturalTypes.accepts(task, input.contentType())) {
            throw EngineException.unsupportedType(
                    "this model takes "
                            + NaturalTypes.words(task)
                            + ", alone or as the one file of"
                            + " a form");
        }
        if (!input.content().hasRemaining()) {
            throw EngineException.invalidInput(
                    "the body is empty; send " + NaturalTypes.words(task));
        }
        return input;
    }
}
