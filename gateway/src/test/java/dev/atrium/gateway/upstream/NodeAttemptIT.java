package dev.atrium.gateway.upstream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@Timeout(60)
class NodeAttemptIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int LONGEST = 1024;
    private static final String PASSWORD = "of a test";

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<NodeConnections> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (NodeConnections each : opened) {
            each.loop().submit(each::close).get();
        }
        group.shutdownGracefully(0, 1, SECONDS).get();
    }

    @Test
    void asksOneNodeOverOneConnectionWhileNobodyElseDoes() throws Exception {
        NodeConnections connections = connections(4);
        try (SocketNode node =
                new SocketNode((out, request) -> out.write(SocketNode.ok(request)))) {
            String first = text(attempt(connections, node.url() + "/base/", "one", LONG));
            String second = text(attempt(connections, node.url() + "/base/", "two", LONG));

            assertThat(first)
                    .startsWith("POST /base/path HTTP/1.1\r\n")
                    .contains("host: " + node.url().substring("http://".length()) + "\r\n")
                    .containsIgnoringCase("Atrium-Grant: grant\r\n")
                    .endsWith("\r\n\r\none");
            assertThat(second).endsWith("\r\n\r\ntwo");
            assertThat(node.connections()).isEqualTo(1);
        }
    }

    @Test
    void leavesAConnectionThatTheNodeWantsToEnd() throws Exception {
        NodeConnections connections = connections(4);
        byte[] last =
                SocketNode.text(
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        try (SocketNode node = new SocketNode((out, request) -> out.write(last))) {
            assertThat(text(attempt(connections, node.url(), "", LONG))).isEqualTo("ok");
            assertThat(text(attempt(connections, node.url(), "", LONG))).isEqualTo("ok");

            assertThat(node.connections()).isEqualTo(2);
        }
    }

    @Test
    void doesNotTakeAnInterimAnswerForTheAnswer() throws Exception {
        NodeConnections connections = connections(4);
        try (SocketNode node =
                new SocketNode((out, request) -> {
                    out.write(SocketNode.text("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"));
                    out.write(SocketNode.ok("answer"));
                })) {
            assertThat(text(attempt(connections, node.url(), "", LONG))).isEqualTo("answer");
        }
    }

    @Test
    void holdsANodeUpWhoseAnswerNobodyTakes() throws Exception {
        NodeConnections connections = connections(4);
        long size = 64L * 1024 * 1024;
        AtomicLong written = new AtomicLong();
        try (SocketNode node =
                new SocketNode((out, request) -> {
                    out.write(
                            SocketNode.text(
                                    "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n"));
                    for (byte[] part = new byte[64 * 1024]; written.get() < size; ) {
                        out.write(part);
                        written.addAndGet(part.length);
                    }
                })) {
            AtomicLong taken = new AtomicLong();
            NodeAttempt attempt = attempt(connections, node.url(), "", LONG);

            StepVerifier.create(
                            attempt.answer()
                                    .flatMapMany(NodeAnswer::body)
                                    .map(part -> taken.addAndGet(part.readableBytes())),
                            1)
                    .expectNextCount(1)
                    .then(() ->
                            await().during(500, MILLISECONDS)
                                    .atMost(10, SECONDS)
                                    .until(() -> written.get() < size / 2))
                    .thenRequest(Long.MAX_VALUE)
                    .thenConsumeWhile(any -> true)
                    .verifyComplete();

            assertThat(taken).hasValue(size);
        }
    }

    @Test
    void cutsTheConnectionWhenNobodyWaitsAnyMore() throws Exception {
        NodeConnections connections = connections(4);
        try (SocketNode node = new SocketNode((out, request) -> {})) {
            Disposable waiting =
                    sent(attempt(connections, node.url(), "", LONG)).subscribe(any -> {});
            await().until(() -> node.connections() == 1);

            waiting.dispose();

            await().until(() -> node.left() == 1);
        }
    }

    @Test
    void givesUpInTheMiddleOfAnAnswerWhenTheDeadlinePasses() throws Exception {
        NodeConnections connections = connections(4);
        byte[] half = SocketNode.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        try (SocketNode node = new SocketNode((out, request) -> out.write(half))) {
            NodeAttempt attempt = attempt(connections, node.url(), "", Duration.ofMillis(500));

            assertThatThrownBy(() -> text(attempt)).isInstanceOf(NodeFailure.TooLate.class);

            await().until(() -> node.left() == 1);
        }
    }

    @Test
    void passesOnWhatCameBeforeTheConnectionBroke() throws Exception {
        NodeConnections connections = connections(4);
        try (SocketNode node =
                new SocketNode((out, request) -> {
                    out.write(SocketNode.text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
                    throw new IOException("the end of this connection");
                })) {
            StepVerifier.create(
                            attempt(connections, node.url(), "", LONG)
                                    .answer()
                                    .flatMapMany(NodeAnswer::body)
                                    .map(part -> part.toString(StandardCharsets.US_ASCII)))
                    .expectNext("half")
                    .verifyError(NodeFailure.Vanished.class);
        }
    }

    @Test
    void tellsWhatIsNoHttpFromAnAnswer() throws Exception {
        NodeConnections connections = connections(4);
        try (SocketNode node =
                new SocketNode((out, request) -> out.write(SocketNode.text("what?\r\n\r\n")))) {
            assertThatThrownBy(() -> text(attempt(connections, node.url(), "", LONG)))
                    .isInstanceOf(NodeFailure.Vanished.class);
        }
    }

    @Test
    void waitsForAConnectionWhenAllAreTakenAndNotForEver() throws Exception {
        NodeConnections connections = connections(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        try (SocketNode node =
                new SocketNode((out, request) -> {
                    asked.incrementAndGet();
                    awaitLatch(mayAnswer);
                    out.write(SocketNode.ok("ok"));
                })) {
            var first = sent(attempt(connections, node.url(), "", LONG)).toFuture();
            await().until(() -> asked.get() == 1);
            var second = sent(attempt(connections, node.url(), "", LONG)).toFuture();
            var third = sent(attempt(connections, node.url(), "", LONG));

            // One may wait, one more may not.
            assertThatThrownBy(() -> third.block(LONG)).isInstanceOf(NodeFailure.Unreachable.class);
            mayAnswer.countDown();

            assertThat(first.get(20, SECONDS)).isEqualTo("ok");
            assertThat(second.get(20, SECONDS)).isEqualTo("ok");
            assertThat(node.connections()).isEqualTo(1);
        }
    }

    @Test
    void givesUpWaitingForAConnection() throws Exception {
        NodeConnections connections = connections(1);
        try (SocketNode node = new SocketNode((out, request) -> {})) {
            sent(attempt(connections, node.url(), "", LONG)).subscribe(any -> {}, error -> {});
            await().until(() -> node.connections() == 1);

            assertThatThrownBy(() -> text(attempt(connections, node.url(), "", LONG)))
                    .isInstanceOf(NodeFailure.Unreachable.class);
        }
    }

    @Test
    void neverReachesANodeThatIsNotThere() throws Exception {
        NodeConnections connections = connections(4);
        String gone;
        try (SocketNode node = new SocketNode((out, request) -> {})) {
            gone = node.url();
        }

        assertThatThrownBy(() -> text(attempt(connections, gone, "", LONG)))
                .isInstanceOf(NodeFailure.Unreachable.class);
        assertThatThrownBy(() -> text(attempt(connections, "no url", "", LONG)))
                .isInstanceOf(NodeFailure.Unreachable.class);
    }

    @Test
    void talksOverTlsToANodeWhoseCertificateIsTrustedOnly(@TempDir Path folder) throws Exception {
        KeyStore own = selfSigned(folder.resolve("node.p12"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(own);
        NodeConnections trusting =
                connections(4, SslContextBuilder.forClient().trustManager(trust).build());
        NodeConnections others = connections(4);
        try (SocketNode node =
                new SocketNode(
                        serverSockets(own), (out, request) -> out.write(SocketNode.ok("ok")))) {
            String url = node.url().replace("http:", "https:");

            assertThat(text(attempt(trusting, url, "", LONG))).isEqualTo("ok");
            assertThatThrownBy(() -> text(attempt(others, url, "", LONG)))
                    .isInstanceOf(NodeFailure.Unreachable.class);
        }
    }

    private static KeyStore selfSigned(Path file) throws Exception {
        int exit =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-alias",
                                "node",
                                "-dname",
                                "CN=node",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                file.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
        assertThat(exit).isZero();
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    private static ServerSocketFactory serverSockets(KeyStore own) throws Exception {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return tls.getServerSocketFactory();
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static NodeAttempt attempt(
            NodeConnections connections, String url, String body, Duration longest) {
        return new NodeAttempt(
                connections,
                url,
                "/path",
                "grant",
                "application/json",
                SocketNode.text(body),
                longest,
                Duration.ZERO);
    }

    private static Mono<String> sent(NodeAttempt attempt) {
        return attempt.answer()
                .flatMap(answer -> answer.bytes(LONGEST))
                .map(String::new)
                .doFinally(signal -> attempt.over());
    }

    private static String text(NodeAttempt attempt) {
        return sent(attempt).block(LONG);
    }

    /** One may wait for each of these connections for a second. */
    private NodeConnections connections(int most) throws SSLException {
        return connections(most, SslContextBuilder.forClient().build());
    }

    private NodeConnections connections(int most, SslContext tls) {
        NodeConnections connections =
                new NodeConnections(
                        group.next(),
                        new Bootstrap().channel(NioSocketChannel.class),
                        tls,
                        new UpstreamProperties(
                                Duration.ofSeconds(2),
                                most,
                                1,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(20),
                                LONG,
                                Duration.ofSeconds(3)));
        opened.add(connections);
        return connections;
    }
}
