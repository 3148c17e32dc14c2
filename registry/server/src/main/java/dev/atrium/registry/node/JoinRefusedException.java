package dev.atrium.registry.node;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The join token is unknown, used, expired or for another role; which one is not told. */
public final class JoinRefusedException extends RegistryException {
    JoinRefusedException() {
        super(
                ErrorCode.UNAUTHENTICATED,
                "the join token is unknown, used, expired or for another role; make a new one");
    }
}
