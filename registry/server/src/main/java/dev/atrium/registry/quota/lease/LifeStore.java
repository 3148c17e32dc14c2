package dev.atrium.registry.quota.lease;

import dev.atrium.registry.quota.window.WindowKey;
import java.util.List;

/** Which lives of gateways' processes there were, in their order, and what they left behind. */
interface LifeStore {
    /** Notes a life when it is first seen; later ones come after it. */
    void note(Holder holder);

    /** Windows that lives before this one still hold leases of, in the order of locking. */
    List<WindowKey> windowsOfFormer(Holder present);

    /** Until the transaction ends no call of the gateway is posted, nor otherwise freed. */
    void hold(Holder present);

    /**
     * Frees what lives before this one hold of the locked window, but for what unresolved calls of
     * the gateway have reserved of a quota; that is unreconciled. Of a quota's lease of which
     * something is freed it is noted that it was given up, and which calls keep their part.
     */
    void releaseFormer(WindowKey window, Holder present);
}
