package dev.atrium.node.engine.text;

import java.util.List;

/**
 * Some encoded texts of similar length.
 *
 * @param rows index of each text in the request
 * @param ids token ids of each text, without padding
 * @param length tokens of the longest
 */
record TokenBatch(List<Integer> rows, List<long[]> ids, List<long[]> types, int length) {}
