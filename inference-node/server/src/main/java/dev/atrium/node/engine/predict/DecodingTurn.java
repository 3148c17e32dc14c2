package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The right to decode a file, of which there is one in a worker: each picture or recording may take
 * as much memory as there is for all of them. Closing it lets the next one in.
 */
public final class DecodingTurn implements AutoCloseable {
    private static final Semaphore ONE = new Semaphore(1, true);
    private static final long LOOK_MILLIS = 50;

    private DecodingTurn() {}

    public static DecodingTurn await(Cancellation cancellation) {
        try {
            while (!ONE.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.throwIfCancelled();
            }
            return new DecodingTurn();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineException.cancelled();
        }
    }

    @Override
    public void close() {
        ONE.release();
    }
}
