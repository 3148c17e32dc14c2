package dev.atrium.portal.gateway;

import java.time.Duration;

/** Hears how a streamed answer goes on; called on the thread that reads it. */
public interface ChatListener {
    void onText(String text);

    /** The stream is complete. */
    void onEnd(ChatUsage usage);

    /** The stream was cut by {@link ChatCall#stop()}. */
    void onStopped();

    void onFailure(GatewayException failure);

    /**
     * What the call used.
     *
     * @param inputTokens 0 when the answer did not say
     * @param firstText from sending to the first text
     */
    record ChatUsage(
            long inputTokens,
            long outputTokens,
            Duration firstText,
            Duration took,
            String requestId) {}
}
