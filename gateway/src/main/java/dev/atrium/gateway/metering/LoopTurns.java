package dev.atrium.gateway.metering;

import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When event loops write: each when it is through with what has arrived, so that what comes
 * together shares one system call.
 *
 * @see "docs/adr/0017-lean-hot-path.md"
 */
final class LoopTurns {
    private final Map<EventExecutor, Turn> turns = new ConcurrentHashMap<>();
    private final Runnable write;

    LoopTurns(Runnable write) {
        this.write = write;
    }

    /** Lets the loop write at the end of its turn; to be called on it. */
    void take(EventExecutor loop) {
        turns.computeIfAbsent(loop, Turn::new).take();
    }

    /** An event loop's turn to write; used on that loop only. */
    private final class Turn implements Runnable {
        private final EventExecutor loop;
        private boolean isDue;

        Turn(EventExecutor loop) {
            this.loop = loop;
        }

        void take() {
            if (!isDue) {
                isDue = true;
                loop.execute(this);
            }
        }

        @Override
        public void run() {
            isDue = false;
            write.run();
        }
    }
}
