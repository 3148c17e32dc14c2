package dev.atrium.registry.error;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Breaks in ways that no real endpoint should. */
@RestController
class FailingController {
    static final String SECRET = "jdbc:postgresql://secret-host/atrium";

    private final JdbcClient platform;
    private final TransactionTemplate transactions;

    FailingController(
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions) {
        this.platform = platform;
        this.transactions = transactions;
    }

    /** Two transactions, each of which wants what the other has; the database ends one of them. */
    @GetMapping("/api/v1/test/deadlock")
    void deadlock() {
        CyclicBarrier bothHaveOne = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> both =
                    List.of(
                            threads.submit(() -> lockInTurn(71, 72, bothHaveOne)),
                            threads.submit(() -> lockInTurn(72, 71, bothHaveOne)));
            for (Future<?> each : both) {
                each.get();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private void lockInTurn(long first, long second, CyclicBarrier bothHaveOne) {
        transactions.executeWithoutResult(status -> {
            lock(first);
            try {
                bothHaveOne.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
            lock(second);
        });
    }

    private void lock(long number) {
        platform.sql("SELECT pg_advisory_xact_lock(?)").param(number).query().singleRow();
    }

    @GetMapping("/api/v1/test/failing")
    String fail() {
        throw new IllegalStateException(SECRET);
    }

    @GetMapping("/api/v1/test/things/{id}")
    UUID read(@PathVariable UUID id) {
        return id;
    }
}
