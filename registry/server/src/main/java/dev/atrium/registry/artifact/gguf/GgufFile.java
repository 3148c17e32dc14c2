package dev.atrium.registry.artifact.gguf;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileBytes;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a GGUF file says about its model.
 *
 * @param architecture such as {@code llama}
 * @param contextLength the longest context the model was made for; null when it does not say
 */
public record GgufFile(String architecture, @Nullable Integer contextLength) {
    private static final int MAGIC = 0x46554747;
    private static final int MAX_TENSORS = 100_000;
    private static final int MAX_PAIRS = 100_000;
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MAX_ALIGNMENT = 1 << 16;
    private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** Reads the header; rejects whatever does not hold together. */
    public static GgufFile inspect(FileBytes file) {
        if (file.int32() != MAGIC) {
            throw new ArtifactRejectedException("this is not a GGUF file");
        }
        requireVersion(file.int32());
        long tensors = bounded("tensors", file.int64(), MAX_TENSORS);
        long pairs = bounded("metadata entries", file.int64(), MAX_PAIRS);
        GgufMetadata metadata = GgufMetadata.read(file, pairs);
        String architecture = metadata.text("general.architecture");
        if (architecture == null || !ARCHITECTURE.matcher(architecture).matches()) {
            throw new ArtifactRejectedException(
                    "the GGUF file names no architecture (general.architecture)");
        }
        requireTensors(file, tensors, alignment(metadata));
        return new GgufFile(architecture, contextLength(metadata, architecture));
    }

    private static void requireVersion(int version) {
        if (version == 2 || version == 3) {
            return;
        }
        if (Integer.reverseBytes(version) == 3) {
            throw new ArtifactRejectedException(
                    "this GGUF file is big-endian; convert it to little-endian");
        }
        throw new ArtifactRejectedException(
                "GGUF version "
                        + Integer.toUnsignedString(version)
                        + " is not supported; convert the model to version 2 or 3");
    }

    private static long bounded(String what, long count, int max) {
        if (count < 0 || count > max) {
            throw new ArtifactRejectedException(
                    "the GGUF file claims "
                            + Long.toUnsignedString(count)
                            + " "
                            + what
                            + "; at most "
                            + max
                            + " are accepted");
        }
        return count;
    }

    private static int alignment(GgufMetadata metadata) {
        Long alignment = metadata.number("general.alignment");
        if (alignment == null) {
            return DEFAULT_ALIGNMENT;
        }
        if (alignment < 1 || alignment > MAX_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw new ArtifactRejectedException(
                    "the GGUF file has an alignment of "
                            + alignment
                            + ", which is no power of two");
        }
        return alignment.intValue();
    }

    private static @Nullable Integer contextLength(GgufMetadata metadata, String architecture) {
        Long length = metadata.number(architecture + ".context_length");
        if (length == null) {
            return null;
        }
        if (length < 1 || length > Integer.MAX_VALUE) {
            throw new ArtifactRejectedException(
                    "the GGUF file claims a context length of " + length + " tokens");
        }
        return length.intValue();
    }

    private static void requireTensors(FileBytes file, long count, int alignment) {
        if (count == 0) {
            throw new ArtifactRejectedException(
                    "the GGUF file holds no tensors (a vocabulary alone cannot be served)");
        }
        Set<String> names = new HashSet<>();
        long dataEnd = 0;
        for (long i = 0; i < count; i++) {
            GgufTensor tensor = GgufTensor.read(file, alignment);
            if (!names.add(tensor.name())) {
                throw new ArtifactRejectedException("two tensors of the GGUF file share a name");
            }
            dataEnd = Math.max(dataEnd, tensor.end());
        }
        long dataStart = (file.position() + alignment - 1) / alignment * alignment;
        if (dataEnd > file.size() - dataStart) {
            throw new ArtifactRejectedException(
                    "the GGUF file is truncated: its tensors need "
                            + (dataEnd - (file.size() - dataStart))
                            + " bytes more than it has");
        }
    }
}
