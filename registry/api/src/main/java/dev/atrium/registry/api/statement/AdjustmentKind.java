package dev.atrium.registry.api.statement;

/** Why something is posted beside the calls. */
public enum AdjustmentKind {
    /** Something was counted wrongly; amounts of either sign. */
    CORRECTION,
    /** Something is given back; no amount is above 0. */
    CREDIT
}
