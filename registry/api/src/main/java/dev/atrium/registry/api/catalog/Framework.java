package dev.atrium.registry.api.catalog;

/** The format of a version's artifact, and so the engine that runs it. */
public enum Framework {
    ONNX("onnx_onnxv1"),
    TORCHSCRIPT("pytorch_torchscript"),
    GGUF("gguf_llamacpp");

    private final String platform;

    Framework(String platform) {
        this.platform = platform;
    }

    /** The {@code platform} of Open Inference Protocol metadata. */
    public String platform() {
        return platform;
    }
}
