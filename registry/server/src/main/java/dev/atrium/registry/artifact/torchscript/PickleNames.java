package dev.atrium.registry.artifact.torchscript;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The names that a pickle inside TorchScript may use; everything else could be any Python code. */
final class PickleNames {
    private static final Pattern OWN_CLASS =
            Pattern.compile("__torch__(\\.[A-Za-z_][A-Za-z0-9_]*)*");
    private static final Pattern NATIVE_CLASS =
            Pattern.compile("__torch__\\.torch\\.classes\\.(quantized|rnn)(\\..*)?");
    private static final String NATIVE = "__torch__.torch.classes";

    /** Bytes of an element by the storage's name. */
    private static final Map<String, Integer> STORAGES =
            Map.ofEntries(
                    Map.entry("torch.FloatStorage", 4),
                    Map.entry("torch.DoubleStorage", 8),
                    Map.entry("torch.HalfStorage", 2),
                    Map.entry("torch.BFloat16Storage", 2),
                    Map.entry("torch.LongStorage", 8),
                    Map.entry("torch.IntStorage", 4),
                    Map.entry("torch.ShortStorage", 2),
                    Map.entry("torch.CharStorage", 1),
                    Map.entry("torch.ByteStorage", 1),
                    Map.entry("torch.BoolStorage", 1),
                    Map.entry("torch.QInt8Storage", 1),
                    Map.entry("torch.QUInt8Storage", 1),
                    Map.entry("torch.QInt32Storage", 4),
                    Map.entry("torch.ComplexFloatStorage", 8),
                    Map.entry("torch.ComplexDoubleStorage", 16));

    private static final Set<String> FUNCTIONS =
            Set.of(
                    "collections.OrderedDict",
                    "torch._utils._rebuild_tensor",
                    "torch._utils._rebuild_tensor_v2",
                    "torch._utils._rebuild_parameter",
                    "torch._utils._rebuild_qtensor",
                    "torch._utils._rebuild_sparse_tensor",
                    "torch.serialization._get_layout",
                    "torch.device",
                    "torch.jit._pickle.build_boollist",
                    "torch.jit._pickle.build_complexlist",
                    "torch.jit._pickle.build_doublelist",
                    "torch.jit._pickle.build_intlist",
                    "torch.jit._pickle.build_tensor_from_id",
                    "torch.jit._pickle.build_tensorlist",
                    "torch.jit._pickle.restore_type_tag");

    private static final Set<String> VALUES =
            Set.of(
                    "torch.per_tensor_affine",
                    "torch.per_tensor_symmetric",
                    "torch.per_channel_affine",
                    "torch.per_channel_affine_float_qparams",
                    "torch.per_channel_symmetric");

    private PickleNames() {}

    static boolean isAllowed(String name) {
        return isFunction(name) || isClass(name) || VALUES.contains(name) || isStorage(name);
    }

    static boolean isFunction(String name) {
        return FUNCTIONS.contains(name);
    }

    /** A class that the archive's own code defines, or one of libtorch's packed parameters. */
    static boolean isClass(String name) {
        boolean nativeClass = name.equals(NATIVE) || name.startsWith(NATIVE + ".");
        return nativeClass
                ? NATIVE_CLASS.matcher(name).matches()
                : OWN_CLASS.matcher(name).matches();
    }

    static boolean isStorage(String name) {
        return STORAGES.containsKey(name);
    }

    static int elementBytes(String storage) {
        return STORAGES.getOrDefault(storage, 0);
    }
}
