package dev.atrium.registry.api.usage;

/** Why a call that is in the ledger is charged nothing and costs nothing, whatever it used. */
public enum Waiver {
    /**
     * Its gateway was given up as lost, and what the call had reserved was freed, before anybody
     * had told of the call.
     *
     * @see "docs/adr/0012-lost-gateways.md"
     */
    GIVEN_UP
}
