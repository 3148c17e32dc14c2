package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What tenants and projects may keep, over real uploads. */
class StorageQuotaIT extends QuotaTest {
    private static final int FILE = 100_000;
    private static final Function<byte[], BodyPublisher> ANNOUNCED = BodyPublishers::ofByteArray;
    private static final Function<byte[], BodyPublisher> UNANNOUNCED =
            bytes -> BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));

    private final Random random = new Random(7);
    private TestTenant acme;
    private String versions;

    @BeforeEach
    void makeModel() {
        acme = tenant("storage");
        versions = "/api/v1/models/" + acme.slug() + "/iris/versions";
        http().post("/api/v1/models", acme.ownerToken(), "{\"name\": \"iris\"}");
        for (int i = 0; i < 4; i++) {
            http().post(versions, acme.ownerToken(), "{}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 40})
    void keepsExactlyAsManyFilesAsFitUnder64UploadsAtOnce(int fitting) throws Exception {
        PolicyId policy = limit(fitting == 0 ? 0 : fitting * FILE + FILE / 2, Map.of());

        List<Answer> answers = uploadTogether(ANNOUNCED);

        assertThat(answers).extracting(Answer::status).containsOnly(statuses(fitting));
        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(fitting);
        assertThat(status(policy).path("used").asLong()).isEqualTo((long) fitting * FILE);
        assertThat(status(policy).path("reserved").asLong()).isZero();
        assertThat(status(policy).path("refused").asLong()).isEqualTo(64 - fitting);
    }

    @Test
    void neverKeepsMoreThanFitsOfUploadsThatDoNotSayHowLongTheyAre() throws Exception {
        PolicyId policy = limit(7 * FILE, Map.of());

        List<Answer> answers = uploadTogether(UNANNOUNCED);
        long kept = answers.stream().filter(answer -> answer.status() == 201).count();
        for (int i = 0; kept < 7; i++) {
            // Those that ran at once may have refused each other.
            assertThat(upload(1, "again" + i, UNANNOUNCED).status()).isEqualTo(201);
            kept++;
        }

        assertThat(upload(1, "more", UNANNOUNCED).status()).isEqualTo(413);
        assertThat(status(policy).path("used").asLong()).isEqualTo(7L * FILE);
        assertThat(status(policy).path("reserved").asLong()).isZero();
    }

    @Test
    void saysWhatIsUsedAndKeepsNothingOfWhatDoesNotFit() {
        limit(FILE + FILE / 2, Map.of());
        assertThat(upload(1, "a", ANNOUNCED).status()).isEqualTo(201);

        for (Function<byte[], BodyPublisher> way : List.of(ANNOUNCED, UNANNOUNCED)) {
            Answer refused = upload(1, "b", way);

            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.code()).isEqualTo("storage_quota_exceeded");
            assertThat(refused.text()).contains("'p' allows 150000 stored bytes; 100000 are used");
        }
        assertThat(http().get(versions + "/1", acme.ownerToken()).json().path("files").size())
                .isEqualTo(1);
    }

    @Test
    void givesBackWhatIsDeletedOrReplaced() {
        PolicyId policy = limit(2 * FILE, Map.of());
        upload(1, "a", ANNOUNCED);
        assertThat(upload(1, "a", ANNOUNCED).status()).as("in its place").isEqualTo(201);
        assertThat(status(policy).path("used").asLong()).isEqualTo(FILE);

        http().delete("/api/v1/models/" + acme.slug() + "/iris", acme.ownerToken());

        assertThat(status(policy).path("used").asLong()).isZero();
        assertThat(status(policy).path("left").asLong()).isEqualTo(2L * FILE);
    }

    @Test
    void countsWhatWasThereBeforeThePolicyAndWarnsOnce() {
        upload(1, "a", ANNOUNCED);
        PolicyId policy = limit(2 * FILE, Map.of("mode", "SOFT", "warnPercent", 60));
        assertThat(status(policy).path("percent").asInt()).isEqualTo(50);

        upload(1, "b", ANNOUNCED);
        Answer third = upload(1, "c", ANNOUNCED);

        assertThat(third.status()).isEqualTo(201);
        JsonNode events =
                http().get("/api/v1/quota-policies/events", acme.ownerToken()).json().path("items");
        assertThat(events.size()).isEqualTo(2);
        assertThat(events.findValuesAsString("threshold")).containsExactlyInAnyOrder("60", "100");
    }

    @Test
    void aDryRunCountsWhatItWouldHaveRefused() {
        PolicyId policy = limit(FILE, Map.of("mode", "DRY_RUN"));

        upload(1, "a", UNANNOUNCED);
        Answer second = upload(1, "b", UNANNOUNCED);

        assertThat(second.status()).isEqualTo(201);
        assertThat(status(policy).path("refused").asLong()).isEqualTo(1);
    }

    /** As far as the database knows, a registry that died is one that says nothing any more. */
    @Test
    void theRoomOfAnUploadWhoseRegistryDiedIsFreeTenMinutesLater() throws Exception {
        limit(FILE + FILE / 2, Map.of());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SubmissionPublisher<ByteBuffer> half =
                        new SubmissionPublisher<>(threads, Flow.defaultBufferSize())) {
            half.submit(ByteBuffer.allocate(FILE / 2));
            threads.submit(() -> upload(1, "a", bytes -> BodyPublishers.fromPublisher(half, FILE)));
            await().until(() -> reservations().size() == 1);

            Answer meanwhile = upload(1, "b", ANNOUNCED);
            long secondsLeft = reservations().getFirst();
            letTenMinutesPass();
            Answer later = upload(1, "b", ANNOUNCED);

            assertThat(meanwhile.status()).isEqualTo(413);
            assertThat(secondsLeft).isBetween(9 * 60L, 10 * 60L);
            assertThat(later.status()).as(later.text()).isEqualTo(201);
            half.closeExceptionally(new IOException("the end of this test"));
        }
    }

    /** For how many seconds each is valid. */
    private List<Long> reservations() {
        return platform.sql(
                        """
                        SELECT extract(epoch FROM expires_at - clock_timestamp())::bigint
                        FROM storage_reservation WHERE tenant_id = ?
                        """)
                .param(acme.id().value())
                .query(Long.class)
                .list();
    }

    private void letTenMinutesPass() throws SQLException {
        try (Connection app = appOf(databaseUrl()).getConnection();
                Statement statement = app.createStatement()) {
            statement.execute("SELECT set_config('atrium.tenant', '" + acme.id() + "', false)");
            int moved =
                    statement.executeUpdate(
                            "UPDATE storage_reservation"
                                    + " SET expires_at = expires_at - interval '10 minutes'");
            assertThat(moved).isEqualTo(1);
        }
    }

    @Test
    void countsAProjectByItself() {
        String other =
                http().post(
                                "/api/v1/projects",
                                acme.ownerToken(),
                                Map.of("slug", "other", "name", "other"))
                        .json()
                        .path("id")
                        .asString();
        PolicyId ofOther = limit(0, Map.of("subject", Map.of("projectId", other)));

        assertThat(upload(1, "a", ANNOUNCED).status()).isEqualTo(201);
        assertThat(status(ofOther).path("used").asLong()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {"DAY|{}|'window' is DAY", "LIFETIME|{\"model\":\"%s/iris\"}|'subject' is"})
    void refusesWhatStoredBytesCannotBe(String window, String subject, String words) {
        Answer answer =
                http().post(
                                "/api/v1/quota-policies",
                                acme.ownerToken(),
                                """
                                {"name": "p", "unit": "STORED_BYTES", "window": "%s", "amount": 1,
                                 "subject": %s}
                                """
                                        .formatted(window, subject.formatted(acme.slug())));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains(words);
    }

    private static Integer[] statuses(int fitting) {
        return fitting == 0 ? new Integer[] {413} : new Integer[] {201, 413};
    }

    private PolicyId limit(long bytes, Map<String, Object> more) {
        return policy(acme, Unit.STORED_BYTES, Window.LIFETIME, bytes, more);
    }

    private List<Answer> uploadTogether(Function<byte[], BodyPublisher> way) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> uploads = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                int number = i;
                uploads.add(threads.submit(() -> upload(1 + number / 16, "f" + number % 16, way)));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> upload : uploads) {
                answers.add(upload.get());
            }
            return answers;
        }
    }

    private Answer upload(int version, String path, Function<byte[], BodyPublisher> way) {
        byte[] bytes = new byte[FILE];
        random.nextBytes(bytes);
        return http().send(
                        http().request(versions + "/" + version + "/files/" + path)
                                .header("Authorization", "Bearer " + acme.ownerToken())
                                .PUT(way.apply(bytes)));
    }

    private JsonNode status(PolicyId policy) {
        JsonNode items =
                http().get("/api/v1/quota-policies/status", acme.ownerToken()).json().path("items");
        for (JsonNode item : items) {
            if (item.path("policy").path("id").asString().equals(policy.toString())) {
                return item;
            }
        }
        throw new AssertionError("no status of " + policy);
    }
}
