package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.RunningGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

/** A journal in which the disk has changed a byte: people are told, and all the rest is kept. */
@ExtendWith(OutputCaptureExtension.class)
class JournalDamageIT {
    private static final String DAMAGED = "atrium_gateway_journal_damaged ";

    @TempDir private Path folder;
    private final FakeRegistry registry = new FakeRegistry();
    private final FakeInferenceNode node = new FakeInferenceNode(registry);
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        Platform platform = new Platform(registry);
        key = platform.key(platform.customer(node));
        registry.usageStatus(503);
    }

    @AfterEach
    void close() {
        node.close();
        registry.close();
    }

    @Test
    void isSaidAloudByAStartThatFindsIt(CapturedOutput log) throws IOException {
        Path crashed = folder.resolve("crashed");
        UUID last;
        try (RunningGateway gateway = RunningGateway.start(registry, folder.resolve("first"))) {
            last = callThrice(gateway);
            FileSystemUtils.copyRecursively(folder.resolve("first"), crashed);
            spoilLastRecord(crashed);
            assertThat(metrics(gateway)).contains(DAMAGED + "0.0");
            registry.usageStatus(200);
        }
        assertThat(errors(log)).isEmpty();

        try (RunningGateway reborn = RunningGateway.start(registry, crashed)) {
            assertThat(metrics(reborn)).contains(DAMAGED + "1.0");
            assertThat(embed(reborn).statusCode()).isEqualTo(200);
            // Of the call whose end was lost it only knows that it began.
            await().until(() -> registry.orphans().isEmpty() && registry.duplicates() == 2);
        }

        assertThat(errors(log))
                .singleElement()
                .asString()
                .contains("journal file 1 is damaged")
                .contains("copy kept at " + crashed.resolve("journal/quarantine"));
        assertThat(registry.ledger()).containsKey(last).hasSize(4);
    }

    @Test
    void isSaidAloudByAGatewayThatFindsItWhileItRuns(CapturedOutput log) throws IOException {
        try (RunningGateway gateway = RunningGateway.start(registry, folder)) {
            UUID last = callThrice(gateway);
            spoilLastRecord(folder);
            assertThat(metrics(gateway)).contains(DAMAGED + "0.0");

            registry.usageStatus(200);

            await().untilAsserted(() -> assertThat(metrics(gateway)).contains(DAMAGED + "1.0"));
            await().until(() -> registry.ledger().size() == 2);
            assertThat(errors(log))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("journal file 1:"))
                    .allMatch(line -> line.contains("are no record any more"));
            assertThat(registry.ledger()).doesNotContainKey(last);
            UUID next = id(embed(gateway));
            await().until(() -> registry.ledger().containsKey(next));
            assertThat(metrics(gateway)).contains(DAMAGED + "1.0");
        }
    }

    /** Settled, and not shipped. */
    private UUID callThrice(RunningGateway gateway) {
        await().until(() -> gateway.get("/v1/models/words", key.text()).statusCode() == 200);
        UUID last = null;
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = embed(gateway);
            assertThat(answer.statusCode()).isEqualTo(200);
            last = id(answer);
            long settled = i + 1;
            await().until(() -> gateway.bean(Journal.class).writer().ledger().settled() == settled);
        }
        return last;
    }

    private static void spoilLastRecord(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            Path segment =
                    files.filter(file -> file.toString().endsWith(".journal"))
                            .min(Path::compareTo)
                            .orElseThrow();
            try (FileChannel file =
                    FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long at = file.size() - 20;
                ByteBuffer one = ByteBuffer.allocate(1);
                file.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
                file.write(one, at);
            }
        }
    }

    private static List<String> errors(CapturedOutput log) {
        return log.getAll().lines().filter(line -> line.contains(" ERROR ")).toList();
    }

    private static String metrics(RunningGateway gateway) {
        return gateway.get(gateway.managementUrl().resolve("/actuator/prometheus"), null).body();
    }

    private HttpResponse<String> embed(RunningGateway gateway) {
        return gateway.send(gateway.embedding(key));
    }

    private static UUID id(HttpResponse<String> answer) {
        return UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
    }
}
