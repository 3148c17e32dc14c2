package dev.atrium.node.worker.child;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.child.Requests.Reply;
import dev.atrium.node.worker.ipc.FrameTooLargeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes the calls of a batch together; when that fails, once more one by one, so that a bad
 * input fails alone.
 *
 * <p>Each call that was computed alone pays for that, and those that fail alone pay besides for the
 * joint attempt that they spoilt. Where none does, nobody pays for that attempt.
 */
final class BatchRun {
    private final List<Integer> rows;
    private final BatchedCalls calls;
    private final Reply reply;

    private record Failure(int call, EngineException why, long micros) {}

    BatchRun(List<Integer> rows, BatchedCalls calls, Reply reply) {
        this.rows = rows;
        this.calls = calls;
        this.reply = reply;
    }

    void run(Computation computation) throws IOException {
        reply.computing();
        calls.begin(
                Math.max(1, rows.size()),
                call -> reply.failed(call, EngineException.cancelled(), NodeUsage.NONE));
        try {
            together(computation);
        } catch (UncheckedIOException e) {
            if (!isSplittable() || !(e.getCause() instanceof FrameTooLargeException)) {
                throw e.getCause();
            }
            oneByOne(computation);
        } catch (RuntimeException e) {
            if (!isSplittable()) {
                throw e;
            }
            oneByOne(computation);
        }
    }

    private boolean isSplittable() {
        return rows.size() > 1 && !calls.together().isCancelled();
    }

    private void together(Computation computation) {
        computation.computeAll(
                calls.together(),
                (outputs, tokens) -> {
                    requireRows(outputs);
                    calls.end();
                    try {
                        reply.result(outputs, tokensOfCalls(tokens));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private void requireRows(List<Tensor> outputs) {
        long all = rows.stream().mapToLong(Integer::longValue).sum();
        if (rows.size() > 1 && !outputs.stream().allMatch(output -> output.hasRows(all))) {
            throw EngineException.failed("the outputs are not of as many rows as the inputs", null);
        }
    }

    private List<Long> tokensOfCalls(int[] tokens) {
        List<Long> sums = new ArrayList<>(rows.size());
        int from = 0;
        for (int count : tokens.length == 0 ? List.<Integer>of() : rows) {
            sums.add(sum(Arrays.copyOfRange(tokens, from, from + count)));
            from += count;
        }
        return sums;
    }

    private static long sum(int[] tokens) {
        return Arrays.stream(tokens).asLongStream().sum();
    }

    private void oneByOne(Computation computation) throws IOException {
        long spoilt = reply.micros();
        List<Failure> failures = new ArrayList<>();
        int from = 0;
        for (int call = 0; call < rows.size(); call++) {
            Cancellation own = calls.next(call);
            if (own != null) {
                alone(computation, call, from, own, failures);
            }
            from += rows.get(call);
        }
        for (Failure failure : failures) {
            long micros = failure.micros() + spoilt / failures.size();
            reply.failed(failure.call(), failure.why(), new NodeUsage(0, 0, micros));
        }
        calls.end();
        reply.ended(true);
    }

    private void alone(
            Computation computation, int call, int from, Cancellation own, List<Failure> failures)
            throws IOException {
        reply.computing();
        try {
            computation.compute(
                    from,
                    rows.get(call),
                    own,
                    (outputs, tokens) -> {
                        try {
                            reply.part(call, outputs, sum(tokens));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof FrameTooLargeException tooLarge)) {
                throw e.getCause();
            }
            failures.add(new Failure(call, EngineFailures.of(tooLarge), reply.micros()));
        } catch (RuntimeException e) {
            failures.add(new Failure(call, EngineFailures.of(e), reply.micros()));
        }
    }
}
