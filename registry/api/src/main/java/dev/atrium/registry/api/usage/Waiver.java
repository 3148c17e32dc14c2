package dev.atrium.registry.api.usage;

/**
 * Why a call that is in the ledger is charged nothing and costs nothing, whatever it used: what it
 * had reserved was freed before anybody told how it ended.
 *
 * @see "docs/adr/0012-lost-gateways.md"
 */
public enum Waiver {
    /** Its gateway was given up as lost, or came back and did not know of the call any more. */
    GIVEN_UP,
    /** Its gateway had left it open, and no node that was heard of knew it. */
    VOID
}
