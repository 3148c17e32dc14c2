package dev.atrium.gateway.organization;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which of the reports is asked for, and what it can be asked. */
public enum ReportKind {
    COMPLETIONS(
            List.of("v1", "organization", "usage", "completions"),
            Set.of(Member.PROJECT_ID, Member.USER_ID, Member.API_KEY_ID, Member.MODEL),
            Optional.of("CHAT")),
    EMBEDDINGS(
            List.of("v1", "organization", "usage", "embeddings"),
            Set.of(Member.PROJECT_ID, Member.USER_ID, Member.API_KEY_ID, Member.MODEL),
            Optional.of("EMBEDDINGS")),
    COSTS(
            List.of("v1", "organization", "costs"),
            Set.of(Member.PROJECT_ID, Member.USER_ID, Member.API_KEY_ID, Member.LINE_ITEM),
            Optional.empty());

    private final List<String> path;
    private final Set<Member> members;
    private final Optional<String> operation;

    ReportKind(List<String> path, Set<Member> members, Optional<String> operation) {
        this.path = path;
        this.members = members;
        this.operation = operation;
    }

    public static Optional<ReportKind> at(List<String> path) {
        return Arrays.stream(values()).filter(kind -> kind.path.equals(path)).findFirst();
    }

    /** What its groups can be told apart by. */
    Set<Member> members() {
        return members;
    }

    /** Whose calls are counted; all kinds where empty. */
    Optional<String> operation() {
        return operation;
    }
}
