/**
 * Tasks above tensors: a natural input in, labels with scores or values out, around any engine that
 * takes tensors. Owns what comes before the preparation of an input (its type, forms with one file)
 * and behind the model (activation, labels, ranking); how a text, picture, recording or table
 * becomes tensors is a {@link dev.atrium.node.engine.predict.Preparation}. All of it reads bytes of
 * strangers and therefore runs in workers only.
 */
@NullMarked
package dev.atrium.node.engine.predict;

import org.jspecify.annotations.NullMarked;
