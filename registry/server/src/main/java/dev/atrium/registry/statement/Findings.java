package dev.atrium.registry.statement;

import dev.atrium.registry.api.statement.StatementVerification.Finding;
import dev.atrium.registry.api.statement.StatementVerification.Kind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts all that is wrong and keeps the first of it. */
final class Findings {
    private static final int MAX = 100;

    private final List<Finding> kept = new ArrayList<>();
    private long count;

    void add(LocalDate day, Kind kind, @Nullable UUID callId, String detail) {
        count++;
        if (kept.size() < MAX) {
            kept.add(new Finding(day, kind, callId, detail));
        }
    }

    void add(LocalDate day, Kind kind, String detail) {
        add(day, kind, null, detail);
    }

    long count() {
        return count;
    }

    List<Finding> kept() {
        return kept;
    }
}
