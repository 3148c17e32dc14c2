package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.machine.MachineCredentials;
import dev.atrium.registry.web.InternalConnector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Before this registry says that it is ready it is asked for leases, as gateways ask, and keeps
 * none of what it does.
 *
 * <p>A call waits a quarter of a second for a lease. The first question to a new process takes
 * longer: classes are not loaded, connections not made, statements not planned. Where registries
 * are restarted one after the other all gateways come to the new one at once, and without this they
 * would refuse calls.
 */
@Component
class Rehearsal implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
    private static final int QUESTIONS = 10;
    private static final int TIMEOUT_MILLIS = 5_000;

    /** Refused once it was read, so that nothing is noted of who asked. */
    private static final LeaseWish SENSELESS =
            new LeaseWish(new PolicyId(new UUID(0, 0)), null, null, -1, 0, 0, 0);

    private final LeaseRehearsal leases;
    private final MachineCredentials credentials;
    private final InternalConnector internal;
    private final JsonMapper json;

    Rehearsal(
            LeaseRehearsal leases,
            MachineCredentials credentials,
            InternalConnector internal,
            JsonMapper json) {
        this.leases = leases;
        this.credentials = credentials;
        this.internal = internal;
        this.json = json;
    }

    /**
     * What does not work now need not keep the registry from serving; gateways would ask others.
     */
    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        long begin = System.nanoTime();
        try {
            leases.run();
            long made = System.nanoTime();
            ask();
            log.info(
                    "rehearsed leases in {} ms, questions in {} ms",
                    Duration.ofNanos(made - begin).toMillis(),
                    Duration.ofNanos(System.nanoTime() - made).toMillis());
        } catch (IOException | ExecutionException | DataAccessException | TransactionException e) {
            log.warn("the first questions of gateways may be answered slowly", e);
        }
    }

    private void ask() throws IOException {
        UUID nobody = UUID.randomUUID();
        String credential = credentials.issue(MemberRole.GATEWAY, nobody);
        try {
            byte[] question =
                    json.writeValueAsBytes(new LeaseRequest(nobody, false, List.of(SENSELESS)));
            for (int i = 0; i < QUESTIONS; i++) {
                ask("/internal/v1/leases", credential, question);
                ask("/internal/v1/leases/recalls", credential, null);
            }
        } finally {
            credentials.withdraw(MemberRole.GATEWAY, nobody);
        }
    }

    private void ask(String path, String credential, byte @Nullable [] body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection)
                        URI.create(internal.url() + path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestProperty("Authorization", "Bearer " + credential);
        if (body != null) {
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        read(connection);
    }

    /** To its end, so that the connection is used again. */
    private static void read(HttpURLConnection connection) throws IOException {
        boolean refused = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
        // Null where a refusal has no body.
        try (InputStream answer =
                refused ? connection.getErrorStream() : connection.getInputStream()) {
            if (answer != null) {
                answer.readAllBytes();
            }
        }
    }
}
