package dev.atrium.gateway.organization;

import dev.atrium.registry.api.usage.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of the reports is asked for, and what it can be asked. */
public enum ReportKind {
    COMPLETIONS("completions", Operation.CHAT),
    EMBEDDINGS("embeddings", Operation.EMBEDDINGS),
    IMAGES("images", Operation.IMAGE_CLASSIFICATION),
    AUDIO_TRANSCRIPTIONS("audio_transcriptions", Operation.TRANSCRIPTION),
    COSTS(
            List.of("organization", "costs"),
            Set.of(Member.PROJECT_ID, Member.USER_ID, Member.API_KEY_ID, Member.LINE_ITEM),
            null);

    private final List<String> path;
    private final Set<Member> members;
    private final @Nullable Operation operation;

    ReportKind(String usage, Operation operation) {
        this(
                List.of("organization", "usage", usage),
                Set.of(Member.PROJECT_ID, Member.USER_ID, Member.API_KEY_ID, Member.MODEL),
                operation);
    }

    ReportKind(List<String> path, Set<Member> members, @Nullable Operation operation) {
        this.path = path;
        this.members = members;
        this.operation = operation;
    }

    public static Optional<ReportKind> at(List<String> path) {
        return Arrays.stream(values()).filter(kind -> kind.isAt(path)).findFirst();
    }

    private boolean isAt(List<String> asked) {
        return asked.size() == path.size() + 1
                && asked.getFirst().equals("v1")
                && asked.subList(1, asked.size()).equals(path);
    }

    /** The {@code object} of a result. */
    String resultName() {
        return String.join(".", path) + ".result";
    }

    /** What its groups can be told apart by. */
    Set<Member> members() {
        return members;
    }

    /** Whose calls are counted; all kinds where empty. */
    Optional<Operation> operation() {
        return Optional.ofNullable(operation);
    }
}
