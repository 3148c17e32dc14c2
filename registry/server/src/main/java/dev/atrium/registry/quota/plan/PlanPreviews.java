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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells people of steps, those of one limit for each project or key together, and keeps what they
 * were told in a digest. A key that comes or goes meanwhile makes a preview no other; a policy that
 * somebody changed by hand does.
 */
final class PlanPreviews {
    private final Plan plan;
    private final PlannedTenant tenant;
    private final Map<Line, List<PlanStep>> lines = new LinkedHashMap<>();

    private PlanPreviews(Plan plan, PlannedTenant tenant) {
        this.plan = plan;
        this.tenant = tenant;
    }

    /** Those of which people are told together. */
    private record Line(Kind kind, PlanOrigin origin, @Nullable Figures before) {
        static Line of(PlanStep step) {
            Policy policy = step.policy();
            return new Line(step.kind(), step.origin(), policy == null ? null : Figures.of(policy));
        }

        static Line ofThoseToCome(Kind kind, PlanOrigin origin) {
            return new Line(kind, origin, null);
        }
    }

    static PlanPreview of(Plan plan, PlannedTenant tenant, List<PlanStep> steps) {
        PlanPreviews told = new PlanPreviews(plan, tenant);
        steps.forEach(step ->
                told.lines.computeIfAbsent(Line.of(step), line -> new ArrayList<>()).add(step));
        told.addThoseToCome();
        return new PlanPreview(plan.id(), plan.revision(), told.changes(), told.digest());
    }

    /** A limit for each key says something also where there is no key, or none that it changes. */
    private void addThoseToCome() {
        for (PlanLimit limit : plan.limits()) {
            PlanOrigin origin = new PlanOrigin(plan.id(), limit.name());
            if (limit.scope().isEach()) {
                add(kindOfThoseToCome(origin, limit), origin);
            }
        }
        for (PlanLimit former : tenant.defaults()) {
            boolean stays =
                    plan.limits().stream()
                            .anyMatch(limit ->
                                    limit.name().equals(former.name())
                                            && isChangeable(former, limit)
                                            && tenant.given(origin(limit)).isPresent());
            if (!stays && tenant.use() != null) {
                add(Kind.REMOVE, new PlanOrigin(tenant.use().planId(), former.name()));
            }
        }
    }

    private PlanOrigin origin(PlanLimit limit) {
        return new PlanOrigin(plan.id(), limit.name());
    }

    private void add(Kind kind, PlanOrigin origin) {
        boolean isTold =
                lines.keySet().stream()
                        .anyMatch(line -> line.kind() == kind && line.origin().equals(origin));
        if (!isTold) {
            lines.put(Line.ofThoseToCome(kind, origin), List.of());
        }
    }

    private Kind kindOfThoseToCome(PlanOrigin origin, PlanLimit limit) {
        return tenant.given(origin)
                .filter(given -> isChangeable(given, limit))
                .map(given -> given.equals(limit) ? Kind.KEEP : Kind.UPDATE)
                .orElse(Kind.CREATE);
    }

    /** Whether policies of the one can become those of the other; else these go and others come. */
    private static boolean isChangeable(PlanLimit given, PlanLimit limit) {
        return given.scope() == limit.scope()
                && given.unit() == limit.unit()
                && given.window() == limit.window()
                && Objects.equals(given.currency(), limit.currency());
    }

    private List<PlanChange> changes() {
        Map<String, PlanLimit> limits =
                plan.limits().stream()
                        .collect(Collectors.toMap(PlanLimit::name, Function.identity()));
        List<PlanChange> changes = new ArrayList<>();
        lines.forEach((line, steps) ->
                changes.add(
                        new PlanChange(
                                line.kind(),
                                line.origin().limit(),
                                steps.isEmpty() ? null : steps.getFirst().policy(),
                                line.kind() == Kind.REMOVE
                                        ? null
                                        : limits.get(line.origin().limit()),
                                steps.size())));
        return changes;
    }

    private String digest() {
        Set<String> all = new TreeSet<>();
        lines.forEach((line, steps) -> all.add(text(line, steps)));
        String text = plan.id() + " " + plan.revision() + "\n" + String.join("\n", all);
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private String text(Line line, List<PlanStep> steps) {
        String text = line.kind() + " " + line.origin();
        return isAsGiven(line, steps)
                ? text
                : text
                        + steps.stream()
                                .map(step -> step.policy() == null ? "" : id(step.present()))
                                .sorted()
                                .collect(Collectors.joining(" ", " ", ""));
    }

    private static String id(Policy policy) {
        return policy.id() + " " + policy.revision();
    }

    /** Whether these are policies that nobody has changed since the plan made them for each. */
    private boolean isAsGiven(Line line, List<PlanStep> steps) {
        return steps.stream().allMatch(PlanStep::isOfEach)
                && (line.before() == null
                        || tenant.given(line.origin())
                                .map(Figures::of)
                                .filter(line.before()::equals)
                                .isPresent());
    }
}
