package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.error.RegistryException;

/** The request, or its policy, is not as the caller thinks. */
public final class RequestConflictException extends RegistryException {
    private RequestConflictException(String message) {
        super(ErrorCode.CONFLICT, message);
    }

    static RequestConflictException alreadyOpen() {
        return new RequestConflictException(
                "You have an open request for this policy; withdraw it to ask anew.");
    }

    static RequestConflictException notOpen(QuotaRequest request) {
        return new RequestConflictException(
                "The request is "
                        + request.state()
                        + (request.outcome() == null ? "" : " by " + request.outcome().by())
                        + "; only an open one can be changed.");
    }

    static RequestConflictException policyDeleted() {
        return new RequestConflictException(
                "The policy was deleted meanwhile; the request can only be denied.");
    }

    static RequestConflictException allowedAlready(long granted, long present) {
        return new RequestConflictException(
                "The policy allows "
                        + present
                        + " by now, so "
                        + granted
                        + " would be no raise; deny the request, or change the policy itself.");
    }
}
