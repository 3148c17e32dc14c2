package dev.atrium.registry.artifact.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file is by its first bytes. Kinds that are refused say what the file is and how to make
 * one that is accepted.
 */
public enum FileKind {
    ONNX(null),
    ZIP(null),
    GGUF(null),
    EMPTY("the file is empty"),
    PICKLE(
            "this is a Python pickle (a model, a state_dict or a legacy torch.save file); unpickling"
                    + " runs code, so it is never accepted. "
                    + Conversion.TORCH),
    HDF5(
            "this is an HDF5 file (Keras .h5). Convert it with: python -m tf2onnx.convert --keras"
                    + " model.h5 --output model.onnx"),
    SAFETENSORS(
            "this is a safetensors file: weights without a network. " + Conversion.TRANSFORMERS),
    TENSORFLOW(
            "this is a TensorFlow SavedModel or graph. Convert the folder with: python -m"
                    + " tf2onnx.convert --saved-model FOLDER --output model.onnx"),
    TFLITE(
            "this is a TensorFlow Lite model. Convert it with: python -m tf2onnx.convert --tflite"
                    + " model.tflite --output model.onnx"),
    OLD_GGML("this is a GGML file from before GGUF; convert it with llama.cpp's current scripts"),
    TAR(
            "this is a tar archive (legacy torch.save or a packed folder). Upload the model file"
                    + " itself; "
                    + Conversion.TORCH),
    COMPRESSED("this is a compressed archive; unpack it and upload the model file itself"),
    HTML("this is an HTML page, not a model; the download it came from probably needs a login"),
    GIT_LFS("this is a Git LFS pointer, not the file it points to; run: git lfs pull"),
    ORT("this is an ONNX Runtime .ort file; upload the .onnx file it was made from"),
    TEXT("this is text, not a model. " + Conversion.ACCEPTED);

    private static final class Conversion {
        static final String ACCEPTED =
                "Accepted are ONNX (model.onnx), TorchScript (model.pt) and GGUF (model.gguf)";
        static final String TORCH =
                "Load it where you trust it and export: torch.onnx.export(model, example,"
                        + " 'model.onnx') or torch.jit.trace(model, example).save('model.pt')";
        static final String TRANSFORMERS =
                "Convert the folder with: optimum-cli export onnx --model FOLDER OUT, or llama.cpp's"
                        + " convert_hf_to_gguf.py FOLDER";
    }

    private static final int TAR_MAGIC_AT = 257;
    private static final int HEAD = 512;
    private static final byte[] LEGACY_TORCH_MAGIC =
            HexFormat.of().parseHex("8a0a6cfc9c46f9206aa85019");

    private final String refusal;

    FileKind(@Nullable String refusal) {
        this.refusal = refusal == null ? "" : refusal;
    }

    /** Why a file of this kind is refused; empty when it may be a model. */
    public Optional<String> refusal() {
        return refusal.isEmpty() ? Optional.empty() : Optional.of(refusal);
    }

    /** How to turn a PyTorch model into an accepted one, as the end of a message. */
    public static String torchAdvice() {
        return Conversion.TORCH;
    }

    /** Says what is accepted, as the end of a message. */
    public static String accepted() {
        return Conversion.ACCEPTED;
    }

    /**
     * Looks at the first bytes; what nothing else claims is taken for ONNX and examined as such.
     */
    public static FileKind of(FileBytes file) {
        file.seek(0);
        byte[] head = file.bytes((int) Math.min(HEAD, file.size()));
        file.seek(0);
        if (head.length == 0) {
            return EMPTY;
        }
        if (startsWith(head, "GGUF")) {
            return GGUF;
        }
        if (startsWith(head, "PK")) {
            return ZIP;
        }
        return binary(head, file.size())
                .or(() -> text(head))
                .orElseGet(() -> looksLikeTensorFlow(head) ? TENSORFLOW : ONNX);
    }

    private static Optional<FileKind> binary(byte[] head, long size) {
        if (isPickle(head)) {
            return Optional.of(PICKLE);
        }
        if (startsWith(head, "\u0089HDF")) {
            return Optional.of(HDF5);
        }
        if (hasAt(head, 4, "TFL3")) {
            return Optional.of(TFLITE);
        }
        if (hasAt(head, 4, "ORTM")) {
            return Optional.of(ORT);
        }
        if (startsWith(head, "lmgg") || startsWith(head, "tjgg") || startsWith(head, "algg")) {
            return Optional.of(OLD_GGML);
        }
        if (hasAt(head, TAR_MAGIC_AT, "ustar")) {
            return Optional.of(TAR);
        }
        if (isCompressed(head)) {
            return Optional.of(COMPRESSED);
        }
        return isSafetensors(head, size) ? Optional.of(SAFETENSORS) : Optional.empty();
    }

    private static boolean isPickle(byte[] head) {
        boolean protocol =
                head.length > 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5;
        return protocol || indexOf(head, LEGACY_TORCH_MAGIC) >= 0;
    }

    private static boolean isCompressed(byte[] head) {
        return startsWith(head, "\u001f\u008b")
                || startsWith(head, "BZh")
                || startsWith(head, "7z\u00bc\u00af")
                || startsWith(head, "\u00fd7zXZ")
                || startsWith(head, "Rar!")
                || startsWith(head, "(\u00b5/\u00fd");
    }

    private static boolean isSafetensors(byte[] head, long size) {
        if (head.length < 10 || head[8] != '{') {
            return false;
        }
        long header = 0;
        for (int i = 7; i >= 0; i--) {
            header = header << 8 | (head[i] & 0xff);
        }
        return header > 1 && header <= size - 8;
    }

    private static Optional<FileKind> text(byte[] head) {
        for (byte b : head) {
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                return Optional.empty();
            }
        }
        String start = new String(head, StandardCharsets.UTF_8).strip().toLowerCase(Locale.ROOT);
        if (start.startsWith("version https://git-lfs")) {
            return Optional.of(GIT_LFS);
        }
        if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
            return Optional.of(HTML);
        }
        return Optional.of(TEXT);
    }

    /**
     * A SavedModel is a protobuf too: schema version 1, then a meta graph, where an ONNX file has
     * the name of its producer.
     */
    private static boolean looksLikeTensorFlow(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        boolean savedModel = text.startsWith("\b\u0001\u0012") && text.contains("serve");
        boolean frozenGraph = text.startsWith("\n") && text.contains("Placeholder");
        return savedModel || frozenGraph;
    }

    private static boolean startsWith(byte[] head, String magic) {
        return hasAt(head, 0, magic);
    }

    private static boolean hasAt(byte[] head, int at, String magic) {
        byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
        return head.length >= at + wanted.length
                && Arrays.equals(head, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private static int indexOf(byte[] head, byte[] wanted) {
        for (int i = 0; i + wanted.length <= Math.min(head.length, 32); i++) {
            if (Arrays.equals(head, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
