package dev.atrium.registry.quota.lease;

import com.zaxxer.hikari.HikariDataSource;
import dev.atrium.registry.api.quota.Recall;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.database.SequenceWatch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Holds gateways' questions for recalls until there is one for them, at whichever registry it was
 * made. Stops before the web server does and lets everybody go.
 */
@Component
class Recalls implements SmartLifecycle {
    private final RecallLog log;
    private final SequenceWatch watch;
    private final LeaseProperties properties;

    Recalls(
            @Qualifier("platformDataSource") HikariDataSource settings,
            RecallLog log,
            LeaseProperties properties) {
        this.log = log;
        this.properties = properties;
        this.watch = new SequenceWatch(settings, RecallLog.CHANNEL, log::newest, properties.poll());
    }

    RecallPage read(UUID gateway, long after, Duration wished) throws InterruptedException {
        if (after <= 0) {
            return new RecallPage(log.position(), List.of());
        }
        Duration wait = wished.compareTo(properties.maxWait()) < 0 ? wished : properties.maxWait();
        long deadline = System.nanoTime() + wait.toNanos();
        long position = after;
        while (true) {
            long known = watch.newest();
            List<RecallLog.Entry> entries = log.after(position, gateway);
            // Old ones are forgotten: where there is none to read, all known ones are past.
            position =
                    entries.isEmpty()
                            ? Math.max(position, known)
                            : entries.getLast().recall().sequence();
            List<Recall> concerning = concerning(entries);
            long left = deadline - System.nanoTime();
            if (!concerning.isEmpty() || left <= 0 || !isRunning()) {
                return new RecallPage(position, concerning);
            }
            watch.awaitNewer(position, Duration.ofNanos(left));
        }
    }

    /** Of several recalls of a window the last one says it all. */
    private static List<Recall> concerning(List<RecallLog.Entry> entries) {
        Map<Object, Recall> byWindow = new LinkedHashMap<>();
        for (RecallLog.Entry entry : entries) {
            if (entry.concerns()) {
                Recall recall = entry.recall();
                byWindow.put(List.of(recall.policyId(), recall.windowStart()), recall);
            }
        }
        return List.copyOf(byWindow.values());
    }

    @Override
    public void start() {
        watch.start();
    }

    @Override
    public void stop() {
        watch.stop();
    }

    @Override
    public boolean isRunning() {
        return watch.isRunning();
    }
}
