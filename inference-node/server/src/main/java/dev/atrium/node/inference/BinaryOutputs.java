package dev.atrium.node.inference;

import java.util.HashMap;
import java.util.Map;

/** Which outputs are wanted as bytes instead of JSON; an output's own word counts. */
final class BinaryOutputs {
    private final Map<String, Boolean> named = new HashMap<>();
    private boolean all;

    void all(boolean areBinary) {
        all = areBinary;
    }

    void put(String output, boolean isBinary) {
        named.put(output, isBinary);
    }

    boolean isBinary(String output) {
        return named.getOrDefault(output, all);
    }

    /** Whether any may be. */
    boolean isAsked() {
        return all || named.containsValue(true);
    }
}
