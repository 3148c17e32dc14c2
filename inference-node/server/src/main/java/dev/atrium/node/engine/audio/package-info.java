/**
 * Recordings as input of a model: WAV and FLAC decoded within bounds that hold whatever their
 * headers say, made one channel, resampled, and turned into the waveform, log-mel bands or MFCC
 * that the version's settings ask for. All of it is our own, so that memory and time are known: no
 * allocation is made by a number that stands in a file.
 */
@NullMarked
package dev.atrium.node.engine.audio;

import org.jspecify.annotations.NullMarked;
