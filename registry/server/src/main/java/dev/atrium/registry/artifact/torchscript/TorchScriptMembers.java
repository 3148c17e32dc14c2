package dev.atrium.registry.artifact.torchscript;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of an archive by their path below its one top folder. Only what {@code
 * torch.jit.save} writes is allowed; archives of other kinds are recognised by their members.
 */
final class TorchScriptMembers {
    private static final Pattern ALLOWED =
            Pattern.compile(
                    "data\\.pkl|constants\\.pkl|traced_inputs\\.pkl|version|byteorder"
                            + "|\\.format_version|\\.storage_alignment|\\.data/serialization_id"
                            + "|(data|constants|traced_inputs)/[0-9]{1,6}"
                            + "|code/[A-Za-z0-9_./]{1,500}\\.py(\\.debug_pkl)?"
                            + "|extra/[A-Za-z0-9_.-]{1,100}");

    private final Map<String, ZipMember> byPath = new LinkedHashMap<>();

    TorchScriptMembers(List<ZipMember> members) {
        List<String> names = members.stream().map(ZipMember::name).toList();
        requireTorchScript(names);
        String top = names.getFirst().substring(0, names.getFirst().indexOf('/') + 1);
        for (ZipMember member : members) {
            if (member.isFolder() && member.bytes() == 0) {
                continue;
            }
            String path =
                    member.name().startsWith(top) ? member.name().substring(top.length()) : "";
            if (top.isEmpty() || !ALLOWED.matcher(path).matches()) {
                throw new ArtifactRejectedException(
                        "the archive has the member "
                                + member.name()
                                + ", which is not part of TorchScript");
            }
            byPath.put(path, member);
        }
    }

    @Nullable ZipMember get(String path) {
        return byPath.get(path);
    }

    Map<String, ZipMember> all() {
        return byPath;
    }

    private static void requireTorchScript(List<String> names) {
        Predicate<String> ends = end -> names.stream().anyMatch(name -> name.endsWith(end));
        boolean code = names.stream().anyMatch(name -> name.contains("/code/"));
        if (ends.test("/data.pkl") && ends.test("/constants.pkl") && code) {
            if (ends.test("/bytecode.pkl")) {
                throw new ArtifactRejectedException(
                        "this model was saved for the mobile interpreter; save it with"
                                + " torch.jit.save instead");
            }
            return;
        }
        throw new ArtifactRejectedException(whatElse(names, ends));
    }

    private static String whatElse(List<String> names, Predicate<String> ends) {
        if (ends.test("/data.pkl") || ends.test("data.pkl")) {
            return "this is a pickle saved with torch.save (a state_dict or a whole model), not"
                    + " TorchScript; unpickling runs code, so it is never accepted. "
                    + FileKind.torchAdvice();
        }
        if (ends.test("archive_format") || ends.test("models/model.json")) {
            return "this is a program saved with torch.export; " + FileKind.torchAdvice();
        }
        if (ends.test("model.weights.h5")) {
            return "this is a Keras 3 model. Convert it with: model.export('out', format='onnx')";
        }
        if (ends.test(".npy")) {
            return "this is a NumPy .npz file: arrays without a network";
        }
        if (names.stream().anyMatch(name -> name.startsWith("MAR-INF/"))) {
            return "this is a TorchServe .mar archive; upload the TorchScript or ONNX file in it";
        }
        return "this is a zip archive, but no TorchScript model. " + FileKind.accepted();
    }
}
