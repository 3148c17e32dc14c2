package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange;
import dev.atrium.registry.api.quota.PlanChange.Kind;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.Policy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What it takes to bring a tenant's policies of plans in line with one plan. What a policy counts
 * never changes, so a limit with another unit or window is another policy.
 */
final class PlanDifference {
    private PlanDifference() {}

    /**
     * @param planned the tenant's policies that were made from whatever plan
     */
    static PlanPreview of(Plan plan, List<Policy> planned) {
        List<PlanChange> changes = new ArrayList<>();
        List<Policy> rest = new ArrayList<>(planned);
        for (PlanLimit limit : plan.limits()) {
            Optional<Policy> made =
                    planned.stream().filter(policy -> isOf(policy, plan, limit)).findFirst();
            made.ifPresent(rest::remove);
            changes.add(
                    made.map(policy -> change(policy, limit))
                            .orElseGet(
                                    () -> new PlanChange(Kind.CREATE, limit.name(), null, limit)));
        }
        for (Policy policy : rest) {
            changes.add(new PlanChange(Kind.REMOVE, origin(policy).limit(), policy, null));
        }
        return new PlanPreview(plan.id(), plan.revision(), changes, digest(plan, changes));
    }

    private static PlanOrigin origin(Policy policy) {
        return Objects.requireNonNull(policy.plan(), "only policies of plans are compared");
    }

    private static boolean isOf(Policy policy, Plan plan, PlanLimit limit) {
        return origin(policy).equals(new PlanOrigin(plan.id(), limit.name()))
                && policy.unit() == limit.unit()
                && policy.window() == limit.window()
                && Objects.equals(policy.currency(), limit.currency());
    }

    private static PlanChange change(Policy policy, PlanLimit limit) {
        boolean isSame =
                policy.amount() == limit.amount()
                        && Objects.equals(policy.burst(), limit.burst())
                        && policy.mode() == limit.mode()
                        && Objects.equals(policy.warnPercent(), limit.warnPercent());
        return new PlanChange(isSame ? Kind.KEEP : Kind.UPDATE, limit.name(), policy, limit);
    }

    private static String digest(Plan plan, List<PlanChange> changes) {
        StringBuilder all = new StringBuilder(plan.id() + " " + plan.revision());
        for (PlanChange change : changes) {
            Policy policy = change.policy();
            all.append('\n').append(change.kind()).append(' ').append(change.wanted());
            if (policy != null) {
                all.append(' ').append(policy.id()).append(' ').append(policy.revision());
            }
        }
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(all.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
