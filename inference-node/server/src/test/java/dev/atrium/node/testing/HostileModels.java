package dev.atrium.node.testing;

import static dev.atrium.node.testing.TestModels.demo;
import static dev.atrium.node.testing.TestModels.hostile;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files that mean harm, by what is wrong with them: what inspections refuse, and what runs. */
public final class HostileModels {
    private static final String CANARY = "/canary";

    private HostileModels() {}

    /** ONNX. */
    public static Map<String, byte[]> graphs() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a loop without end", TestModels.read("hostile/endless-loop.onnx"));
        files.put("a tensor of four tebibytes", TestModels.read("hostile/gigantic-tensor.onnx"));
        files.put("functions that double", TinyOnnx.doublingFunctions(40));
        files.put("graphs in graphs", TinyOnnx.nestedGraphs(300));
        files.put("weights outside of the file", hostile("external-data.onnx"));
        files.put("half a graph", hostile("truncated.onnx"));
        files.put("a web page", hostile("html.onnx"));
        files.put("nothing", hostile("empty.onnx"));
        return files;
    }

    /** TorchScript that harms its reader. */
    public static Map<String, byte[]> archives() {
        byte[] whole = demo("moving-average.pt");
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("256 MB out of 256 KB", hostile("zip-bomb.pt"));
        files.put("a file that climbs out of its folder", hostile("zip-slip.pt"));
        files.put("twenty thousand entries", hostile("many-entries.pt"));
        files.put("a pickle with a command", hostile("pickle.pt"));
        files.put("a command in TorchScript", hostile("pickle-in-torchscript.pt"));
        files.put("a deep pickle", TinyTorch.killsItsReader());
        files.put("a deep expression", TestModels.read("hostile/nested-calls.pt"));
        files.put("half an archive", Arrays.copyOf(whole, whole.length / 2));
        return files;
    }

    /** TorchScript that is well-formed. */
    public static Map<String, byte[]> programs(Path canary) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("reads a file", aimed("reads-file.pt", canary));
        files.put("writes a file", aimed("writes-file.pt", canary));
        files.put("saves a file", aimed("saves-file.pt", canary));
        files.put("makes a file", aimed("saves-file.pt", canary.resolveSibling("made")));
        files.put("eats memory", TestModels.read("hostile/eats-memory.pt"));
        files.put("never returns", TinyTorch.endlessForPositiveSums());
        return files;
    }

    /** One that reads, writes or saves a file, which is this one. */
    public static byte[] aimed(String program, Path canary) {
        return TinyTorch.withText(TestModels.read("hostile/" + program), CANARY, canary.toString());
    }

    /** GGUF. */
    public static Map<String, byte[]> weights() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("lengths that no file has", hostile("bad-lengths.gguf"));
        Map<String, byte[]> changed = HostileWeights.ofGguf(demo("tiny-chat.gguf"));
        for (String what :
                new String[] {
                    "2^62 tensors",
                    "2^61 tokens",
                    "a product that overflows",
                    "all tensors in one place",
                    "llama.block_count 0",
                    "breaks off in its tensors"
                }) {
            files.put(what, changed.get(what));
        }
        return files;
    }
}
