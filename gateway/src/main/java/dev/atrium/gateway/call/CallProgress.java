package dev.atrium.gateway.call;

import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.node.api.NodeUsage;

/** Where a protocol tells what happens to its call while the answer passes through. */
public interface CallProgress {
    /** What the attempt used so far; the newest word counts. */
    void used(NodeUsage usage);

    /** The first byte of the answer is about to go to the client: no further attempt after this. */
    void answering(int httpStatus);

    /** The same where the answer is whole, so that what was used is known before it goes. */
    void answeringWhole(int httpStatus);

    /** The answer was begun, failed, and the client was told so inside it. */
    void failedMidway(NodeFailure failure);
}
