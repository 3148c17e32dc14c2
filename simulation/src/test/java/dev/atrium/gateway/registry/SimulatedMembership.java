package dev.atrium.gateway.registry;

import dev.atrium.node.api.GrantSigner;
import dev.atrium.registry.api.node.NodeId;
import java.util.Base64;

/** Of a gateway that is always joined and has the grant keys of all nodes. */
public final class SimulatedMembership extends Membership {
    private static final GrantSigner SIGNER =
            new GrantSigner("key", Base64.getEncoder().encodeToString(new byte[32]));

    public SimulatedMembership() {
        super(null, null, null, null, null);
    }

    @Override
    public boolean isJoined() {
        return true;
    }

    @Override
    public GrantSigner grantSigner(NodeId node) {
        return SIGNER;
    }
}
