package dev.atrium.registry.api.statement;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * @param from first day; null: 30 days before {@code to}
 * @param to last day, at most 31 days in all; null: the last closed day
 */
public record VerifyStatements(@Nullable LocalDate from, @Nullable LocalDate to) {}
