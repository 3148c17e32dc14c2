package dev.atrium.node.registry;

import dev.atrium.registry.api.node.Join;
import dev.atrium.registry.api.node.Joined;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the internal API of the registry. Blocking, for virtual threads. When a registry does not
 * answer, the next one of the list is asked and stays the first choice.
 */
@Service
public class RegistryClient {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryClient.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int UNAUTHORIZED = 401;

    private final RegistryProperties properties;
    private final RegistryClock clock;
    private final CredentialFile file;
    private final HttpClient http;
    private volatile @Nullable Credential credential;

    /** What a registry did not know; of use again only if the registry was wrong. */
    private volatile @Nullable Credential refused;

    private volatile int favourite;

    RegistryClient(RegistryProperties properties, RegistryClock clock) {
        this.properties = properties;
        this.clock = clock;
        this.file = new CredentialFile(properties.credentialFile());
        this.credential = file.read().orElse(null);
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(properties.connectTimeout())
                        .build();
    }

    public String nodeUrl() {
        return properties.url().toString();
    }

    /** Empty until joined. */
    public Optional<NodeId> nodeId() {
        return Optional.ofNullable(credential).map(Credential::nodeId);
    }

    /**
     * Makes sure that this node has a credential, trading the join token for one when there is none
     * or a registry does not know it any more.
     */
    public synchronized void join(NodeCapacity capacity) {
        Credential held = credential;
        String token = properties.joinToken();
        boolean hasToken = token != null && !token.isBlank();
        if (held == null && !hasToken) {
            throw new IllegalStateException(
                    "this node has no credential and no join token; ask an admin for one and set"
                            + " ATRIUM_NODE_JOIN_TOKEN");
        }
        if (token == null || (held != null && !(held.equals(refused) && hasToken))) {
            return;
        }
        try {
            join(token, capacity);
        } catch (RegistryRefusalException e) {
            if (held == null) {
                throw e;
            }
            // The token is used up as a rule. The credential is kept and shown again.
            LOG.debug("the join token is refused", e);
        }
    }

    private void join(String token, NodeCapacity capacity) {
        Join join = new Join(token, MemberRole.NODE, properties.name(), nodeUrl(), capacity);
        Joined joined = read(send("/join", JSON.writeValueAsBytes(join), null), Joined.class);
        clock.observed(joined.registryTime());
        keep(new Credential(new NodeId(joined.memberId()), joined.credential()));
        LOG.info("joined the registry as {} ({})", properties.name(), joined.memberId());
    }

    /** From now on this secret is used; the old one stays valid for a while. */
    public void renew(String secret) {
        keep(new Credential(requireCredential().nodeId(), secret));
    }

    private void keep(Credential fresh) {
        file.write(fresh);
        credential = fresh;
        refused = null;
    }

    /** The registry said what time it is. */
    public void observed(Instant registryTime) {
        clock.observed(registryTime);
    }

    /**
     * @throws RegistryUnavailableException when no registry answers
     * @throws RegistryRefusalException when one answers no
     */
    public <T> T post(String path, Object body, Class<T> type) {
        return post(path, JSON.writeValueAsBytes(body), type);
    }

    /**
     * The same for a body that is JSON.
     *
     * @throws RegistryUnavailableException when no registry answers
     * @throws RegistryRefusalException when one answers no
     */
    public <T> T post(String path, byte[] json, Class<T> type) {
        return read(send(path, json, requireCredential()), type);
    }

    /**
     * An artifact's bytes from an offset. The status is 206 or, when the registry starts from the
     * beginning all the same, 200; anything else is a refusal.
     *
     * @throws RegistryRefusalException also when another part comes than was asked for
     */
    public HttpResponse<InputStream> artifact(String sha256, long offset) {
        HttpResponse<InputStream> response =
                tryAll(base -> {
                    HttpRequest.Builder request =
                            request(base, "/artifacts/" + sha256, requireCredential()).GET();
                    if (offset > 0) {
                        request.header("Range", "bytes=" + offset + "-");
                        request.header("If-Range", "\"" + sha256 + "\"");
                    }
                    return http.send(request.build(), BodyHandlers.ofInputStream());
                });
        boolean isPart = response.statusCode() == 206 && beginsAt(response, offset);
        if (response.statusCode() != 200 && !isPart) {
            close(response);
            throw new RegistryRefusalException("an artifact", response.statusCode());
        }
        return response;
    }

    private static boolean beginsAt(HttpResponse<?> response, long offset) {
        return response.headers()
                .firstValue("Content-Range")
                .filter(range -> range.startsWith("bytes " + offset + "-"))
                .isPresent();
    }

    private HttpResponse<byte[]> send(String path, byte[] body, @Nullable Credential as) {
        HttpResponse<byte[]> response =
                tryAll(base ->
                        http.send(
                                request(base, path, as)
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                        .build(),
                                BodyHandlers.ofByteArray()));
        if (response.statusCode() == UNAUTHORIZED && as != null) {
            note(as);
        }
        if (response.statusCode() / 100 != 2) {
            throw new RegistryRefusalException("POST " + path, response.statusCode());
        }
        if (as != null && as.equals(refused)) {
            refused = null;
        }
        return response;
    }

    /** The next join tries to get another one. */
    private synchronized void note(Credential unknown) {
        if (unknown.equals(credential) && !unknown.equals(refused)) {
            refused = unknown;
            LOG.warn(
                    "the registry does not know this node's credential; joining again. If that"
                            + " does not help, ask an admin for a new join token, set"
                            + " ATRIUM_NODE_JOIN_TOKEN and start the node again");
        }
    }

    private HttpRequest.Builder request(URI base, String path, @Nullable Credential as) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + "/internal/v1" + path))
                        .timeout(properties.requestTimeout());
        if (as != null) {
            request.header("Authorization", "Bearer " + as.secret());
        }
        return request;
    }

    private interface Exchange<T> {
        HttpResponse<T> with(URI base) throws IOException, InterruptedException;
    }

    private <T> HttpResponse<T> tryAll(Exchange<T> exchange) {
        int first = favourite;
        String last = "";
        for (int i = 0; i < properties.urls().size(); i++) {
            int index = (first + i) % properties.urls().size();
            try {
                HttpResponse<T> response = exchange.with(properties.urls().get(index));
                if (response.statusCode() < 500) {
                    favourite = index;
                    return response;
                }
                close(response);
                last = "status " + response.statusCode();
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RegistryUnavailableException("interrupted");
            }
        }
        throw new RegistryUnavailableException("no registry answers: " + last);
    }

    private static void close(HttpResponse<?> response) {
        if (response.body() instanceof InputStream stream) {
            try {
                stream.close();
            } catch (IOException e) {
                LOG.debug("an answer does not close", e);
            }
        }
    }

    private static <T> T read(HttpResponse<byte[]> response, Class<T> type) {
        return JSON.readValue(response.body(), type);
    }

    private Credential requireCredential() {
        Credential current = credential;
        if (current == null) {
            throw new RegistryUnavailableException("this node has not joined yet");
        }
        return current;
    }
}
