package dev.atrium.node.inference;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.usage.AttemptKey;
import dev.atrium.node.worker.Call;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The course of every attempt from its admission until a while after its end, so that a gateway
 * whose caller went away learns what is to be paid. What has ended longest is forgotten first.
 */
@Component
class AttemptEnds {
    private static final int MOST_ENDED = 20_000;
    private static final Duration MEMORY = Duration.ofMinutes(1);

    private record Ended(Course course, long nanos) {}

    private final Map<AttemptKey, Course> courses = new HashMap<>();
    private final Deque<Ended> ended = new ArrayDeque<>();
    private final int mostEnded;

    @Autowired
    AttemptEnds() {
        this(MOST_ENDED);
    }

    AttemptEnds(int mostEnded) {
        this.mostEnded = mostEnded;
    }

    /** One attempt, which may be cancelled before its call exists. */
    final class Course {
        private final AttemptKey key;
        private final Calls.Begun call = new Calls.Begun();
        private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
        private final CompletableFuture<AttemptEnd> end = new CompletableFuture<>();

        private Course(AttemptKey key) {
            this.key = key;
        }

        void follow(Call begun) {
            call.set(begun);
        }

        void cancel() {
            cancelled.complete(null);
            call.cancel();
        }

        /** Also when it is already. */
        void whenCancelled(Runnable told) {
            cancelled.thenRun(told);
        }

        void end(AttemptEnd word) {
            if (end.complete(word)) {
                // Its inputs and outputs must not stay in memory for as long as its end.
                call.forget();
                remember(this);
            }
        }

        /** What it used in the end, once that is known. */
        CompletableFuture<AttemptEnd> ended() {
            return end;
        }
    }

    /** A course for an attempt that has none yet. */
    synchronized Optional<Course> open(AttemptKey key) {
        if (courses.containsKey(key)) {
            return Optional.empty();
        }
        Course course = new Course(key);
        courses.put(key, course);
        return Optional.of(course);
    }

    synchronized Optional<Course> find(AttemptKey key) {
        return Optional.ofNullable(courses.get(key));
    }

    /** As if it had never been opened. */
    synchronized void drop(Course course) {
        courses.remove(course.key, course);
        course.end.complete(AttemptEnd.NOT_COMPUTED);
    }

    private synchronized void remember(Course course) {
        long now = System.nanoTime();
        ended.addLast(new Ended(course, now));
        while (ended.size() > mostEnded || now - ended.getFirst().nanos() > MEMORY.toNanos()) {
            Course oldest = ended.removeFirst().course();
            courses.remove(oldest.key, oldest);
        }
    }
}
