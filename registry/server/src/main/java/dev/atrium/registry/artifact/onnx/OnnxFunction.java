package dev.atrium.registry.artifact.onnx;

/** A {@code FunctionProto}: an operator that the file itself defines out of others. */
final class OnnxFunction {
    private static final int MAX_NAME_BYTES = 256;

    private OnnxFunction() {}

    static void read(ProtobufMessage function, OnnxNodes all) {
        String name = "";
        String domain = "";
        OnnxNodes body = new OnnxNodes(all);
        while (function.next()) {
            switch (function.field()) {
                case 1 -> name = function.text(MAX_NAME_BYTES);
                case 7 -> OnnxNode.read(function.message(), body, 0);
                case 10 -> domain = function.text(MAX_NAME_BYTES);
                case 11 -> OnnxNode.readAttribute(function.message(), body, 0);
                default -> {
                    // Names of inputs, outputs and attributes.
                }
            }
        }
        all.define(new OnnxNodes.Operator(domain, name), body);
    }
}
