package dev.atrium.simulation;

/** Bugs that are planted to see whether the simulator finds them. */
enum Mutant {
    NONE,
    /** The registry moves the charges of a batch two times. */
    SETTLES_TWICE,
    /** A gateway gives back at a recall and forgets the lease's sums. */
    FORGETS_LEASE_AT_RECALL,
    /** The ledger takes a record that it knows. */
    POSTS_WHAT_IT_KNOWS,
    /** A call is charged in the window of its end, not in that of its reservation. */
    CHARGES_WINDOW_OF_SETTLEMENT,
    /** What an expired lease had handed out is free before anybody knows what was used. */
    FREES_BEFORE_RECONCILING,
    /** The journal lets go of what was sent, not of what was acknowledged. */
    TRIMS_BEFORE_ACKNOWLEDGED,
    /** A gateway misses one entry of a page of the feed now and then. */
    SKIPS_A_REVISION,
    /** What a failed attempt used is billed with the next one. */
    BILLS_THE_RETRY_TOO,
    /** What a gateway has given back is counted two times. */
    COUNTS_RETURNS_TWICE,
    /** A call whose client has gone keeps what it held. */
    LEAKS_WHEN_CLIENT_GOES,
    /** A rate is multiplied by the gateways: each has all of its slices. */
    GIVES_EACH_GATEWAY_THE_WHOLE_RATE,
    /** What a lost gateway held is free before its calls are posted. */
    FREES_LOST_BEFORE_POSTED,
    /** What a call had reserved is charged although it was freed with its lost gateway. */
    CHARGES_WHAT_WAS_GIVEN_UP,
    /** What a former life's calls had reserved is charged although it was freed. */
    CHARGES_WHAT_A_LIFE_LEFT,
    /** Nobody looks after gateways that never return. */
    LEAVES_THE_LOST_ALONE,
    /** A restarted gateway says that former lives are shipped before they are. */
    FREES_FORMER_LIVES_EARLY,
    /** An idempotency key is free again when the gateway of its call is dead. */
    FREES_KEYS_OF_THE_DEAD,
    /** A claim that comes late takes the key that its call has released. */
    GIVES_A_RELEASED_KEY_TO_ITS_OWN_CALL,
    /** A claim that comes late takes the key that another call has released since. */
    GIVES_A_KEY_IN_A_PASSED_TURN,
    /** A call that was computed and failed is said to have never been executed. */
    RELEASES_WHAT_FAILED
}
