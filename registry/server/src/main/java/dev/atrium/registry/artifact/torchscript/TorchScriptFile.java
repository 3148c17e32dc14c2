package dev.atrium.registry.artifact.torchscript;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The look at a TorchScript archive as a whole. */
public final class TorchScriptFile {
    private static final long FREE_BYTES = 64L << 20;
    private static final int MAX_RATIO = 4;
    private static final int MAX_PICKLE_BYTES = 32 << 20;
    private static final int MAX_SOURCE_BYTES = 4 << 20;
    private static final long MAX_SOURCES_BYTES = 32L << 20;
    private static final int MAX_NOTE_BYTES = 64;

    private final FileBytes file;
    private final TorchScriptMembers members;

    private TorchScriptFile(FileBytes file, TorchScriptMembers members) {
        this.file = file;
        this.members = members;
    }

    /** Rejects whatever is not plain TorchScript made of allowed parts. */
    public static void inspect(FileBytes file) {
        List<ZipMember> members = ZipDirectory.read(file);
        requireBoundedContent(file.size(), members);
        TorchScriptFile archive = new TorchScriptFile(file, new TorchScriptMembers(members));
        archive.requireNotes();
        archive.requirePickles();
        archive.requireSources();
        archive.requireIntactTensors();
    }

    private static void requireBoundedContent(long fileBytes, List<ZipMember> members) {
        long limit = fileBytes * MAX_RATIO + FREE_BYTES;
        long total = 0;
        for (ZipMember member : members) {
            total += Math.min(member.bytes(), limit + 1);
            if (total > limit) {
                throw new ArtifactRejectedException(
                        "the archive unpacks to more than "
                                + MAX_RATIO
                                + " times its size: it is a zip bomb or compressed in a way that"
                                + " TorchScript is not");
            }
        }
    }

    private void requireNotes() {
        String version = note("version").strip();
        if (!version.matches("[0-9]{1,2}")) {
            throw new ArtifactRejectedException(
                    "the TorchScript archive has no version that is understood");
        }
        if (members.get("byteorder") != null && !note("byteorder").strip().equals("little")) {
            throw new ArtifactRejectedException(
                    "the TorchScript archive was saved on a big-endian machine");
        }
    }

    private String note(String path) {
        ZipMember member = members.get(path);
        if (member == null) {
            return "";
        }
        return new String(
                ZipContent.bytes(file, member, MAX_NOTE_BYTES), StandardCharsets.US_ASCII);
    }

    private void requirePickles() {
        Map<String, Long> storages = new HashMap<>();
        for (Map.Entry<String, ZipMember> entry : members.all().entrySet()) {
            String path = entry.getKey();
            boolean debug = path.endsWith(".debug_pkl");
            if (!debug && !path.endsWith(".pkl")) {
                continue;
            }
            byte[] content = ZipContent.bytes(file, entry.getValue(), MAX_PICKLE_BYTES);
            if (debug && content.length == 0) {
                continue;
            }
            String folder = path.substring(0, path.length() - ".pkl".length()) + "/";
            PickleWalk.storages(path, content)
                    .forEach((key, bytes) -> storages.put(folder + key, bytes));
        }
        requireStorages(storages);
    }

    /** Every storage that is named exists in the right size, and none exists that is not named. */
    private void requireStorages(Map<String, Long> storages) {
        storages.forEach(this::requireStorage);
        for (String path : members.all().keySet()) {
            if (isTensor(path) && !storages.containsKey(path)) {
                throw new ArtifactRejectedException(
                        "the member "
                                + path
                                + " of the TorchScript archive belongs to no tensor of the model");
            }
        }
    }

    private void requireStorage(String path, long bytes) {
        ZipMember member = members.get(path);
        // Example inputs of a trace are named, but saved without their numbers.
        boolean leftOut =
                member != null && path.startsWith("traced_inputs/") && member.bytes() == 0;
        if (!leftOut && (member == null || member.bytes() != bytes)) {
            throw new ArtifactRejectedException(
                    "the tensor "
                            + path
                            + " of the TorchScript archive is missing or has another size than its"
                            + " shape asks for");
        }
    }

    /** Twice over the sources, so that the tokens of one file at a time are in memory. */
    private void requireSources() {
        Set<String> defined = new HashSet<>();
        long total = 0;
        for (Map.Entry<String, ZipMember> entry : members.all().entrySet()) {
            if (entry.getKey().endsWith(".py")) {
                total += entry.getValue().bytes();
                requireBoundedSources(total);
                defined.addAll(source(entry).definitions());
            }
        }
        for (Map.Entry<String, ZipMember> entry : members.all().entrySet()) {
            if (entry.getKey().endsWith(".py")) {
                source(entry).requireAllowed(defined);
            }
        }
    }

    private static void requireBoundedSources(long total) {
        if (total > MAX_SOURCES_BYTES) {
            throw new ArtifactRejectedException(
                    "the TorchScript archive has more than "
                            + (MAX_SOURCES_BYTES >> 20)
                            + " MiB of source text");
        }
    }

    private ScriptSource source(Map.Entry<String, ZipMember> entry) {
        file.deadline().check();
        byte[] content = ZipContent.bytes(file, entry.getValue(), MAX_SOURCE_BYTES);
        return new ScriptSource(entry.getKey(), text(entry.getKey(), content));
    }

    private static String text(String path, byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw new ArtifactRejectedException("the source " + path + " is not UTF-8");
        }
    }

    private void requireIntactTensors() {
        for (Map.Entry<String, ZipMember> entry : members.all().entrySet()) {
            if (isTensor(entry.getKey()) || entry.getKey().startsWith("extra/")) {
                ZipContent.verify(file, entry.getValue());
            }
        }
    }

    private static boolean isTensor(String path) {
        return path.startsWith("data/")
                || path.startsWith("constants/")
                || path.startsWith("traced_inputs/");
    }
}
