package dev.atrium.gateway.organization;

import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.registry.api.usage.UsageSums;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns sums into a page of buckets. A bucket is whole or on the next page: where the registry has
 * more groups than it says at once, the page ends early.
 */
final class Buckets {
    private static final int MICRO_DIGITS = 6;

    private final Question question;

    private Buckets(Question question) {
        this.question = question;
    }

    /** As JSON has it: {@code {"object": "page", …}}. */
    static Map<String, @Nullable Object> page(Question question, UsageSums answer) {
        return new Buckets(question).page(answer);
    }

    private Map<String, @Nullable Object> page(UsageSums answer) {
        Instant end = end(answer);
        Map<Instant, List<UsageSum>> sums = new LinkedHashMap<>();
        for (UsageSum sum : answer.sums()) {
            sums.computeIfAbsent(begin(sum), begin -> new ArrayList<>()).add(sum);
        }
        List<Object> data = new ArrayList<>();
        for (Instant begin = question.first();
                begin.isBefore(end);
                begin = begin.plus(question.width().length())) {
            data.add(bucket(begin, sums.getOrDefault(begin, List.of())));
        }
        boolean hasMore = end.isBefore(question.end());
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put("object", "page");
        page.put("data", data);
        page.put("has_more", hasMore);
        page.put("next_page", hasMore ? Parameters.page(end) : null);
        return page;
    }

    private Instant end(UsageSums answer) {
        if (answer.complete()) {
            return question.pageEnd();
        }
        Instant last = begin(answer.sums().getLast());
        if (!last.isAfter(question.first())) {
            throw Refusal.about(
                            Refusal.Reason.INVALID_REQUEST,
                            "a bucket has more than %d groups; group by less, or ask for fewer"
                                    .formatted(answer.sums().size()),
                            "group_by")
                    .asException();
        }
        return last;
    }

    private static Instant begin(UsageSum sum) {
        return Objects.requireNonNull(sum.begin());
    }

    private Map<String, Object> bucket(Instant begin, List<UsageSum> sums) {
        Map<String, Object> bucket = new LinkedHashMap<>();
        bucket.put("object", "bucket");
        bucket.put("start_time", begin.getEpochSecond());
        bucket.put("end_time", begin.plus(question.width().length()).getEpochSecond());
        bucket.put("results", question.kind() == ReportKind.COSTS ? costs(sums) : usages(sums));
        return bucket;
    }

    private List<Object> usages(List<UsageSum> sums) {
        Map<Map<String, @Nullable String>, GroupUsage> groups = new LinkedHashMap<>();
        for (UsageSum sum : sums) {
            groups.computeIfAbsent(group(sum), group -> new GroupUsage()).add(sum);
        }
        List<Object> results = new ArrayList<>();
        groups.forEach((group, usage) -> {
            Map<String, @Nullable Object> result = usage.result(question.kind());
            result.putAll(group);
            results.add(result);
        });
        return results;
    }

    /** Only what has a price; a result for each currency. */
    private List<Object> costs(List<UsageSum> sums) {
        record Line(Map<String, @Nullable String> group, String currency) {}
        Map<Line, BigDecimal> lines = new LinkedHashMap<>();
        for (UsageSum sum : sums) {
            for (Cost cost : sum.costs()) {
                lines.merge(
                        new Line(group(sum), cost.currency()),
                        BigDecimal.valueOf(cost.micros(), MICRO_DIGITS),
                        BigDecimal::add);
            }
        }
        List<Object> results = new ArrayList<>();
        lines.forEach((line, value) -> {
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            result.put("object", question.kind().resultName());
            result.put(
                    "amount",
                    Map.of("value", value, "currency", line.currency().toLowerCase(Locale.ROOT)));
            result.putAll(line.group());
            results.add(result);
        });
        return results;
    }

    /** Null is what was not asked for, and what a caller of another kind has not. */
    private Map<String, @Nullable String> group(UsageSum sum) {
        Map<String, @Nullable String> group = new LinkedHashMap<>();
        for (Member member : Member.values()) {
            if (question.kind().members().contains(member)) {
                group.put(
                        member.wireName(),
                        question.groupBy().contains(member) ? value(member, sum) : null);
            }
        }
        return group;
    }

    private static @Nullable String value(Member member, UsageSum sum) {
        boolean byKey = sum.principalKind() == PrincipalKind.API_KEY;
        return switch (member) {
            case PROJECT_ID -> String.valueOf(sum.projectId());
            case USER_ID -> byKey ? null : sum.principalId();
            case API_KEY_ID -> byKey ? sum.principalId() : null;
            case MODEL -> String.valueOf(sum.model());
            case LINE_ITEM ->
                    "%s:%s, %s"
                            .formatted(
                                    sum.model(),
                                    sum.version(),
                                    String.valueOf(sum.operation()).toLowerCase(Locale.ROOT));
        };
    }
}
