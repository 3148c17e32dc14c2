/**
 * Sums of usage for people and spreadsheets: split by what is asked, page by page, as CSV, and in
 * the FOCUS format of the FinOps Foundation. Reads the hourly sums and never the ledger, so an
 * answer costs what its groups cost, however many calls are behind them.
 */
@NullMarked
package dev.atrium.registry.usage.report;

import org.jspecify.annotations.NullMarked;
