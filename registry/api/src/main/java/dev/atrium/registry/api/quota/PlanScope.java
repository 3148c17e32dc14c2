package dev.atrium.registry.api.quota;

/** Whom one limit of a plan is for. */
public enum PlanScope {
    /** All calls of the tenant together. */
    TENANT,
    /** The tenant's calls to one model. */
    MODEL,
    /** Each of the tenant's projects by itself, those that are made later too. */
    EACH_PROJECT,
    /** Each of the tenant's API keys by itself, those that are made later too. */
    EACH_API_KEY;

    /** Whether there is a policy for each of several. */
    public boolean isEach() {
        return this == EACH_PROJECT || this == EACH_API_KEY;
    }
}
