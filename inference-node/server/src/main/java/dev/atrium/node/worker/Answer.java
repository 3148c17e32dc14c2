package dev.atrium.node.worker;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.Tensor;
import java.util.List;

/**
 * @param outputs tensors in the order asked for; for texts one matrix, for generations none
 */
public record Answer(List<Tensor> outputs, NodeUsage usage) {}
