package dev.atrium.registry.artifact.onnx;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which operators a graph, or a function of the file, uses and how often. The runtime inlines
 * functions, so what counts is the number of nodes after that: a chain of functions that each call
 * the next one twice is small on disk and endless in memory.
 */
final class OnnxNodes {
    /** An operator by the domain that defines it. */
    record Operator(String domain, String name) {
        @Override
        public String toString() {
            return domain.isEmpty() ? name : domain + "::" + name;
        }
    }

    private static final long MAX_NODES = 2_000_000;
    private static final int MAX_CALL_DEPTH = 64;
    private static final int MAX_OPERATORS = 50_000;
    private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

    /** Operators of com.microsoft that reach out of the graph: other files, Python, libtorch. */
    private static final Set<String> DENIED =
            Set.of("EPContext", "PythonOp", "PythonOpGrad", "ATen", "TritonOp", "ExternalTensor");

    private final Map<Operator, Long> uses = new HashMap<>();
    private final Map<Operator, OnnxNodes> functions = new HashMap<>();
    private final OnnxNodes main;
    private long count;
    private int distinct;

    private OnnxNodes() {
        this.main = this;
    }

    /** For the body of a function of the file that the main graph is in. */
    OnnxNodes(OnnxNodes main) {
        this.main = main;
    }

    static OnnxNodes ofMainGraph() {
        return new OnnxNodes();
    }

    void add(Operator operator) {
        if (DENIED.contains(operator.name())) {
            throw custom(operator);
        }
        requireBounded(++main.count);
        if (uses.merge(operator, 1L, Long::sum) == 1 && ++main.distinct > MAX_OPERATORS) {
            throw new ArtifactRejectedException(
                    "the ONNX file uses more different operators than exist");
        }
    }

    void define(Operator operator, OnnxNodes body) {
        if (DOMAINS.contains(operator.domain()) && !operator.domain().equals("com.microsoft")) {
            throw new ArtifactRejectedException(
                    "the ONNX file redefines the standard operator " + operator);
        }
        if (functions.put(operator, body) != null) {
            throw new ArtifactRejectedException("the ONNX file defines " + operator + " twice");
        }
    }

    /** Called on the main graph's operators when every function of the file is known. */
    void requireRunnable() {
        requireBounded(inlined(this, new HashMap<>(), 0));
    }

    private long inlined(OnnxNodes body, Map<Operator, Long> known, int depth) {
        if (depth > MAX_CALL_DEPTH) {
            throw new ArtifactRejectedException(
                    "functions of the ONNX file call each other in a circle or too deeply");
        }
        long total = 0;
        for (Map.Entry<Operator, Long> use : body.uses.entrySet()) {
            long each = size(use.getKey(), known, depth);
            total = requireBounded(total + each * use.getValue());
        }
        return total;
    }

    private long size(Operator operator, Map<Operator, Long> known, int depth) {
        OnnxNodes function = functions.get(operator);
        if (function == null) {
            requireKnown(operator);
            return 1;
        }
        Long size = known.get(operator);
        if (size == null) {
            size = 1 + inlined(function, known, depth + 1);
            known.put(operator, size);
        }
        return size;
    }

    private static void requireKnown(Operator operator) {
        if (!DOMAINS.contains(operator.domain())) {
            throw custom(operator);
        }
    }

    private static ArtifactRejectedException custom(Operator operator) {
        return new ArtifactRejectedException(
                "the ONNX graph uses the custom operator "
                        + operator
                        + "; only operators of ai.onnx, ai.onnx.ml and com.microsoft run here");
    }

    private static long requireBounded(long nodes) {
        if (nodes > MAX_NODES) {
            throw new ArtifactRejectedException(
                    "the ONNX file has more than " + MAX_NODES + " nodes");
        }
        return nodes;
    }
}
