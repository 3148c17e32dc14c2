package dev.atrium.gateway.metering;

import java.util.function.Consumer;

/**
 * A record on its way into the journal, and whom to tell what became of it.
 *
 * @param done told when it is written
 * @param failed told when it is refused, with the reason
 */
record Entry(Frame frame, Runnable done, Consumer<Throwable> failed) {}
