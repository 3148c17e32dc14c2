package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The plan, or the tenant, is not as the caller thinks. */
public final class PlanConflictException extends RegistryException {
    private PlanConflictException(ErrorCode code, String message) {
        super(code, message);
    }

    static PlanConflictException otherRevision(int sent, int present) {
        return new PlanConflictException(
                ErrorCode.CONFLICT,
                "'revision' is "
                        + sent
                        + " but the plan is at "
                        + present
                        + "; read it again and repeat");
    }

    static PlanConflictException otherPreview() {
        return new PlanConflictException(
                ErrorCode.CONFLICT,
                "The plan or the tenant's policies have changed since the preview; look again.");
    }

    static PlanConflictException otherCurrency(String limit, String currency) {
        return new PlanConflictException(
                ErrorCode.CONFLICT,
                "The plan's limit '"
                        + limit
                        + "' is in "
                        + currency
                        + ", in which this tenant does not pay.");
    }

    static PlanConflictException unseenModel(String limit, ModelName model) {
        return new PlanConflictException(
                ErrorCode.CONFLICT,
                "The plan's limit '"
                        + limit
                        + "' is for the model "
                        + model
                        + ", which this tenant does not see.");
    }

    static PlanConflictException nameTaken(String name) {
        return new PlanConflictException(
                ErrorCode.NAME_TAKEN, "There is already a plan '" + name + "'.");
    }
}
