package dev.atrium.registry.api.catalog;

/**
 * One file of a version.
 *
 * @param path flat file name such as {@code model.onnx} or {@code tokenizer.json}
 * @param sha256 lower-case hexadecimal digest of the content, which also names it in the store
 */
public record ModelFile(String path, long bytes, String sha256) {}
