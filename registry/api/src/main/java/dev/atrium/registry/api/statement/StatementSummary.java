package dev.atrium.registry.api.statement;

import java.time.Instant;
import java.time.LocalDate;

/** A statement in a list. */
public record StatementSummary(
        LocalDate day,
        Figures total,
        long lateCalls,
        int adjustments,
        Figures balance,
        String hash,
        Instant madeAt) {}
