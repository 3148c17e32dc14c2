package dev.atrium.node.engine;

/**
 * Vectors of some texts, row by row.
 *
 * @param values rows times columns
 * @param tokens of each text that were computed, padding left out
 */
public record Embeddings(int rows, int columns, float[] values, int[] tokens) {}
