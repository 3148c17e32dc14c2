package dev.atrium.gateway.organization;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What is asked for: checked, and with nothing left to default.
 *
 * @param first beginning of the first bucket of this page
 * @param end of the last bucket of all pages
 * @param limit most buckets of this page
 * @param principals ids of keys or users
 * @param models full names
 */
record Question(
        ReportKind kind,
        BucketWidth width,
        Instant first,
        Instant end,
        int limit,
        Set<Member> groupBy,
        List<String> projects,
        List<String> principals,
        List<String> models) {
    Question {
        groupBy = Set.copyOf(groupBy);
        projects = List.copyOf(projects);
        principals = List.copyOf(principals);
        models = List.copyOf(models);
    }

    /** Where this page ends unless it has too many groups. */
    Instant pageEnd() {
        Instant full = first.plus(width.length().multipliedBy(limit));
        return full.isBefore(end) ? full : end;
    }
}
