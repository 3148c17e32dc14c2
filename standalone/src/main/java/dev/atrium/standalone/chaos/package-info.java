/**
 * Kills processes of a running installation and then looks whether every call was counted once.
 *
 * <p>It works on an installation of its own: real processes, real load, kill -9. What it promises
 * is one sentence: sixty seconds after the last kill, each answered call stands in the ledger
 * exactly once, and nothing is reserved for a call that is over. Where gateways never return, it
 * takes as much longer as they are waited for.
 */
@NullMarked
package dev.atrium.standalone.chaos;

import org.jspecify.annotations.NullMarked;
