package dev.atrium.node.engine.predict;

import dev.atrium.node.api.FormParts;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.NaturalInput;
import java.util.List;

/**
 * The one part of a form. Forms of several parts are refused: nobody could say which one was meant.
 */
final class FormFile {
    private FormFile() {}

    static NaturalInput of(NaturalInput form) {
        List<FormParts.Part> parts;
        try {
            parts = FormParts.of(String.valueOf(form.contentType()), form.bytes());
        } catch (FormParts.BrokenFormException e) {
            throw EngineException.invalidInput("the form " + e.problem());
        }
        if (parts.size() != 1) {
            throw EngineException.invalidInput(
                    parts.isEmpty()
                            ? "the form has no part"
                            : "the form must have one part only, the file");
        }
        FormParts.Part file = parts.getFirst();
        return new NaturalInput(file.contentType(), file.content());
    }
}
