package dev.atrium.registry.error;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

/** Says what is wrong with a JSON body without naming our classes, as Jackson's messages do. */
final class UnreadableBody {
    private UnreadableBody() {}

    static String describe(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case InputCoercionException number -> {
                    String member = path(number.getPath());
                    return (member.isEmpty() ? "a number" : "'" + member + "'")
                            + " is out of range"
                            + position(number);
                }
                case StreamReadException syntax -> {
                    return "the body is not valid JSON" + position(syntax);
                }
                case DatabindException mismatch -> {
                    return describe(mismatch);
                }
                default -> {}
            }
        }
        return "the body is missing or not readable as JSON";
    }

    private static String position(StreamReadException failure) {
        return failure.getLocation() == null
                ? ""
                : " at line "
                        + failure.getLocation().getLineNr()
                        + ", column "
                        + failure.getLocation().getColumnNr();
    }

    private static String describe(DatabindException mismatch) {
        String member = path(mismatch.getPath());
        String what = member.isEmpty() ? "the body" : "'" + member + "'";
        return switch (mismatch.getCause()) {
            // Thrown by our own records, whose messages are written for callers.
            case IllegalArgumentException rule when rule.getMessage() != null ->
                    what + ": " + rule.getMessage();
            case NullPointerException missing -> what + " lacks a member that is required";
            case null, default -> what + " has a value of the wrong type or form";
        };
    }

    private static String path(List<JacksonException.Reference> path) {
        return path.stream()
                .map(step ->
                        step.getPropertyName() != null
                                ? "." + step.getPropertyName()
                                : "[" + step.getIndex() + "]")
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
