package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call of a known caller that was refused before it was opened. It charges nothing and is in no
 * ledger; it is kept for a few days, so that its caller finds out why. Never what was said in it.
 *
 * @param callId also the {@code x-request-id} of its answer; its time is when the call came
 * @param model full name as it was asked for, whether there is such a model or not; null where the
 *     call was refused before that was known
 * @param version as it was asked for; null where none was
 * @param code as in docs/errors.md
 * @param param the member or header that is wrong; null where none is
 * @param limit what was reached; null where it was no limit
 * @param label the call's cost centre; null without one
 */
public record RefusedCall(
        UUID callId,
        TenantId tenantId,
        ProjectId projectId,
        PrincipalKind principalKind,
        String principalId,
        Operation operation,
        @Nullable String model,
        @Nullable String version,
        int httpStatus,
        String code,
        @Nullable String param,
        @Nullable RefusingLimit limit,
        Instant refusedAt,
        @Nullable String label) {
    /** Longer texts of callers are cut. */
    public static final int LONGEST_TEXT = 200;
}
