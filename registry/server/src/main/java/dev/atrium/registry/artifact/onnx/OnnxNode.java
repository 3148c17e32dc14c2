package dev.atrium.registry.artifact.onnx;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;

/** A {@code NodeProto} with its attributes, which may hold tensors and further graphs. */
final class OnnxNode {
    private static final int MAX_NAME_BYTES = 256;

    private OnnxNode() {}

    static void read(ProtobufMessage node, OnnxNodes nodes, int depth) {
        String operator = "";
        String domain = "";
        while (node.next()) {
            switch (node.field()) {
                case 4 -> operator = node.text(MAX_NAME_BYTES);
                case 5 -> readAttribute(node.message(), nodes, depth);
                case 7 -> domain = node.text(MAX_NAME_BYTES);
                default -> {
                    // Inputs and outputs by name: the runtime resolves and checks them.
                }
            }
        }
        if (operator.isEmpty()) {
            throw new ArtifactRejectedException("the ONNX graph has a node without an operator");
        }
        nodes.add(new OnnxNodes.Operator(domain, operator));
    }

    static void readAttribute(ProtobufMessage attribute, OnnxNodes nodes, int depth) {
        while (attribute.next()) {
            switch (attribute.field()) {
                case 5, 10 -> OnnxTensor.read(attribute.message());
                case 22, 23 -> OnnxTensor.readSparse(attribute.message());
                case 6, 11 -> OnnxGraph.read(attribute.message(), nodes, depth + 1);
                default -> {
                    // Numbers and texts.
                }
            }
        }
    }
}
