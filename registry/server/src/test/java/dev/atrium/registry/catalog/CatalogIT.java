package dev.atrium.registry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.CreateVersion;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.SetAlias;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.catalog.UpdateModel;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.artifact.ModelBytes;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class CatalogIT extends RegistryTest {
    private static final byte[] ONNX = ModelBytes.onnx();
    private static final Path STORE = Path.of("target/store");

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    // Models -------------------------------------------------------------------------------------

    @Test
    void makesShowsChangesAndRemovesAModel() {
        TestTenant acme = tenant("acme");

        Answer created =
                http().post(
                                "/api/v1/models",
                                acme.ownerToken(),
                                new CreateModel("Iris".toLowerCase(), null, null, null, "flowers"));
        Answer changed =
                http().patch(
                                model(acme, "iris"),
                                acme.ownerToken(),
                                new UpdateModel(null, null, "irises"));
        Answer removed = http().delete(model(acme, "iris"), acme.ownerToken());

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        Model iris = created.as(Model.class);
        assertThat(iris.name().toString()).isEqualTo(acme.slug() + "/iris");
        assertThat(iris.visibility()).isEqualTo(Visibility.PRIVATE);
        assertThat(iris.own()).isTrue();
        assertThat(changed.as(Model.class).description()).isEqualTo("irises");
        assertThat(removed.status()).isEqualTo(204);
        assertThat(http().get(model(acme, "iris"), acme.ownerToken()).status()).isEqualTo(404);
    }

    @Test
    void refusesTakenReservedAndMalformedNames() {
        TestTenant acme = tenant("acme");
        create(acme, "iris", null);

        assertThat(create(acme, "iris", null).code()).isEqualTo("name_taken");
        assertThat(create(acme, "infer", null).code()).isEqualTo("name_reserved");
        assertThat(create(acme, "No Spaces", null).code()).isEqualTo("invalid_request");
    }

    @Test
    void listsOwnSharedAndPublicModelsInPages() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        for (int i = 0; i < 5; i++) {
            create(acme, "own-" + i, null);
        }
        create(globex, "private", null);
        create(
                globex,
                new CreateModel(
                        "shared", null, Visibility.SHARED, List.of(acme.slug()), "for acme"));

        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    http().get(
                                    "/api/v1/models?limit=2&q=" + "-&cursor=" + cursor,
                                    acme.ownerToken())
                            .json();
            page.path("items").forEach(item -> names.add(item.path("name").asString()));
            cursor = page.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        JsonNode shared = http().get("/api/v1/models?q=shared", acme.ownerToken()).json();

        assertThat(names)
                .filteredOn(name -> name.startsWith(acme.slug()))
                .containsExactly(
                        acme.slug() + "/own-4",
                        acme.slug() + "/own-3",
                        acme.slug() + "/own-2",
                        acme.slug() + "/own-1",
                        acme.slug() + "/own-0");
        assertThat(shared.path("items").path(0).path("name").asString())
                .isEqualTo(globex.slug() + "/shared");
        assertThat(shared.path("items").path(0).path("own").asBoolean()).isFalse();
        assertThat(shared.toString()).doesNotContain("private");
    }

    @Test
    void aSharedModelCanBeReadButNotChangedByOthers() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        TestTenant third = tenant("third");
        create(
                globex,
                new CreateModel("shared", null, Visibility.SHARED, List.of(acme.slug()), null));
        upload(globex, "shared", "model.onnx", ONNX);
        upload(globex, "shared", "model.onnx", latin1("hello"));

        assertThat(http().get(model(globex, "shared"), acme.ownerToken()).status()).isEqualTo(200);
        assertThat(http().get(version(globex, "shared", 1), acme.ownerToken()).status())
                .isEqualTo(200);
        // What was rejected is its owner's business.
        assertThat(http().get(version(globex, "shared", 2), acme.ownerToken()).status())
                .isEqualTo(404);
        assertThat(http().get(model(globex, "shared"), third.ownerToken()).status()).isEqualTo(404);
        assertThat(
                        http().patch(
                                        model(globex, "shared"),
                                        acme.ownerToken(),
                                        new UpdateModel(null, null, "mine"))
                                .status())
                .isEqualTo(404);
    }

    @Test
    void onlyAPlatformAdminMakesModelsPublic() {
        TestTenant acme = tenant("acme");
        CreateModel wish =
                new CreateModel("open-" + acme.slug(), null, Visibility.PUBLIC, null, null);

        Answer refused = http().post("/api/v1/models", acme.ownerToken(), wish);
        Answer made = http().post("/api/v1/models", operatorToken(), wish);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("insufficient_scope");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(
                        http().get("/api/v1/models/atrium/open-" + acme.slug(), acme.ownerToken())
                                .as(Model.class)
                                .own())
                .isFalse();
    }

    @Test
    void refusesToShareWithNobodyOrWithoutSharing() {
        TestTenant acme = tenant("acme");

        assertThat(
                        create(
                                        acme,
                                        new CreateModel(
                                                "a",
                                                null,
                                                Visibility.SHARED,
                                                List.of("no-such-tenant"),
                                                null))
                                .code())
                .isEqualTo("invalid_request");
        assertThat(
                        create(acme, new CreateModel("a", null, null, List.of(acme.slug()), null))
                                .code())
                .isEqualTo("invalid_request");
    }

    @Test
    void aViewerReadsAndDoesNotWrite() {
        TestTenant acme = tenant("acme");
        create(acme, "iris", null);
        addMember(acme.id(), "viewer@" + acme.slug() + ".test", Role.VIEWER);
        String viewer = tokenOf("viewer@" + acme.slug() + ".test");

        assertThat(http().get(model(acme, "iris"), viewer).status()).isEqualTo(200);
        assertThat(http().delete(model(acme, "iris"), viewer).status()).isEqualTo(403);
        assertThat(
                        http().put(
                                        model(acme, "iris") + "/aliases/production",
                                        viewer,
                                        new SetAlias(1))
                                .status())
                .isEqualTo(403);
    }

    // Versions -----------------------------------------------------------------------------------

    @Test
    void uploadsAnOnnxFileInOneRequest() {
        TestTenant acme = tenant("acme");

        Answer answer = upload(acme, "iris", "model.onnx", ONNX);

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        ModelVersion version = answer.as(ModelVersion.class);
        assertThat(version.number()).isEqualTo(1);
        assertThat(version.state()).isEqualTo(VersionState.READY);
        assertThat(version.framework()).isEqualTo(Framework.ONNX);
        assertThat(version.signature().inputs())
                .containsExactly(new TensorSpec("x", "FP32", List.of(-1L, 4L)));
        assertThat(version.files())
                .singleElement()
                .extracting(ModelFile::path)
                .isEqualTo("model.onnx");
        assertThat(stored(acme, version.files().getFirst().sha256())).hasBinaryContent(ONNX);
        assertThat(http().get(model(acme, "iris"), acme.ownerToken()).as(Model.class).task())
                .isEqualTo(Task.TENSORS);
    }

    @Test
    void uploadsInStepsAndLooksAtTheTokenizer() {
        TestTenant acme = tenant("acme");
        create(acme, "minilm", null);
        int number = openVersion(acme, "minilm");

        Answer first = put(acme, "minilm", number, "model.onnx", textOnnx());
        Answer second = put(acme, "minilm", number, "tokenizer.json", latin1("{}"));
        Answer done = complete(acme, "minilm", number);
        Answer late = put(acme, "minilm", number, "vocab.txt", latin1("a"));

        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.as(ModelVersion.class).state()).isEqualTo(VersionState.READY);
        assertThat(http().get(model(acme, "minilm"), acme.ownerToken()).as(Model.class).task())
                .isEqualTo(Task.TEXT_EMBEDDING);
        assertThat(late.status()).isEqualTo(409);
        assertThat(complete(acme, "minilm", number).status()).isEqualTo(409);
    }

    @Test
    void aGgufFileDecidesTheTaskAndItsContext() {
        TestTenant acme = tenant("acme");

        ModelVersion version =
                upload(acme, "chat", "model.gguf", ModelBytes.gguf()).as(ModelVersion.class);

        assertThat(version.framework()).isEqualTo(Framework.GGUF);
        assertThat(version.settings().contextLength()).isEqualTo(128);
        assertThat(http().get(model(acme, "chat"), acme.ownerToken()).as(Model.class).task())
                .isEqualTo(Task.TEXT_GENERATION);
    }

    @Test
    void refusesAFileThatDoesNotFitTheTask() {
        TestTenant acme = tenant("acme");
        create(acme, "chat", Task.TEXT_GENERATION);
        create(acme, "words", Task.TEXT_EMBEDDING);

        assertThat(upload(acme, "chat", "model.onnx", ONNX).text()).contains("GGUF");
        assertThat(upload(acme, "words", "model.onnx", ONNX).text()).contains("tokenizer.json");
        assertThat(upload(acme, "words", "model.gguf", ModelBytes.gguf()).code())
                .isEqualTo("artifact_rejected");
    }

    @Test
    void aRejectedVersionKeepsItsReasonAndLosesItsFiles() throws Exception {
        TestTenant acme = tenant("acme");
        byte[] pickle = ModelBytes.pickle("cos\nsystem\n.");

        Answer rejected = upload(acme, "evil", "model.pt", pickle);
        ModelVersion version =
                http().get(version(acme, "evil", 1), acme.ownerToken()).as(ModelVersion.class);

        assertThat(rejected.status()).isEqualTo(422);
        assertThat(rejected.code()).isEqualTo("artifact_rejected");
        assertThat(rejected.text()).contains("pickle");
        assertThat(version.state()).isEqualTo(VersionState.REJECTED);
        assertThat(version.rejection()).contains("pickle");
        assertThat(version.files()).isEmpty();
        assertThat(stored(acme, sha256(pickle))).doesNotExist();
    }

    @Test
    void bytesStayWhileAnotherVersionNamesThem() throws Exception {
        TestTenant acme = tenant("acme");
        upload(acme, "iris", "model.onnx", ONNX);

        // The same bytes are refused under a task that they do not fit.
        create(acme, "chat", Task.TEXT_GENERATION);
        upload(acme, "chat", "model.onnx", ONNX);

        assertThat(stored(acme, sha256(ONNX))).exists();
        http().delete(model(acme, "iris"), acme.ownerToken());
        assertThat(stored(acme, sha256(ONNX))).doesNotExist();
    }

    @Test
    void refusesAnotherDigestThanAnnounced() throws Exception {
        TestTenant acme = tenant("acme");
        create(acme, "iris", null);
        int number = openVersion(acme, "iris");
        String path = version(acme, "iris", number) + "/files/model.onnx";

        Answer wrong =
                http().send(put(acme, path, ONNX).header("Repr-Digest", digest(latin1("x"))));
        Answer malformed =
                http().send(put(acme, path, ONNX).header("Repr-Digest", "sha-256=:abc:"));
        Answer right = http().send(put(acme, path, ONNX).header("Repr-Digest", digest(ONNX)));

        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.code()).isEqualTo("checksum_mismatch");
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(right.status()).isEqualTo(201);
    }

    @Test
    void refusesFileNamesThatAreNone() {
        TestTenant acme = tenant("acme");
        create(acme, "iris", null);
        int number = openVersion(acme, "iris");

        assertThat(put(acme, "iris", number, ".hidden", ONNX).status()).isEqualTo(400);
        assertThat(put(acme, "iris", number, "..%2f..%2fx", ONNX).status()).isIn(400, 404);
        assertThat(upload(acme, "iris", "a%20b.onnx", ONNX).status()).isEqualTo(400);
        assertThat(complete(acme, "iris", number).status()).isEqualTo(409);
    }

    @Test
    void numbersVersionsWithoutGapsWhenManyAreMadeAtOnce() throws Exception {
        TestTenant acme = tenant("acme");
        create(acme, "iris", null);

        List<Integer> numbers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> made = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                made.add(threads.submit(() -> openVersion(acme, "iris")));
            }
            for (Future<Integer> number : made) {
                numbers.add(number.get());
            }
        }

        assertThat(numbers).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    // Aliases ------------------------------------------------------------------------------------

    @Test
    void movesAnAliasAtOnceAndKeepsItsHistory() {
        TestTenant acme = tenant("acme");
        Model model = uploadTwice(acme);
        String path = model(acme, "iris") + "/aliases/production";

        http().put(path, acme.ownerToken(), new SetAlias(1));
        FeedModel first = feed(model).orElseThrow();
        Model moved = http().put(path, acme.ownerToken(), new SetAlias(2)).as(Model.class);
        FeedModel second = feed(model).orElseThrow();

        assertThat(first.aliases()).containsExactly(Map.entry("production", 1));
        assertThat(first.versions()).extracting("number").containsExactly(1);
        assertThat(moved.aliases()).containsEntry("production", 2);
        assertThat(second.aliases()).containsExactly(Map.entry("production", 2));
        assertThat(second.versions()).extracting("number").containsExactly(2);
        assertThat(
                        platform.sql(
                                        "SELECT number FROM model_alias_history WHERE model_id = ?"
                                                + " ORDER BY id")
                                .param(model.id().value())
                                .query(Integer.class)
                                .list())
                .containsExactly(1, 2);
    }

    @Test
    void aliasesAndVersionsNeverComeApartInTheFeed() throws Exception {
        TestTenant acme = tenant("acme");
        Model model = uploadTwice(acme);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> moves = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String alias = List.of("production", "canary").get(i % 2);
                int number = 1 + i / 2 % 2;
                moves.add(
                        threads.submit(() ->
                                http().put(
                                                model(acme, "iris") + "/aliases/" + alias,
                                                acme.ownerToken(),
                                                new SetAlias(number))));
            }
            for (Future<Answer> move : moves) {
                assertThat(move.get().status()).isEqualTo(200);
            }
        }

        FeedModel entry = feed(model).orElseThrow();
        assertThat(entry.aliases())
                .isEqualTo(
                        http().get(model(acme, "iris"), acme.ownerToken())
                                .as(Model.class)
                                .aliases());
        assertThat(entry.versions()).extracting("number").containsAll(entry.aliases().values());
    }

    @Test
    void refusesAliasesOfWhatIsNotReady() {
        TestTenant acme = tenant("acme");
        create(acme, "iris", null);
        openVersion(acme, "iris");
        String path = model(acme, "iris") + "/aliases/";

        assertThat(http().put(path + "production", acme.ownerToken(), new SetAlias(1)).status())
                .isEqualTo(409);
        assertThat(http().put(path + "production", acme.ownerToken(), new SetAlias(7)).status())
                .isEqualTo(404);
        assertThat(http().put(path + "Not-One", acme.ownerToken(), new SetAlias(1)).status())
                .isEqualTo(400);
    }

    @Test
    void deployWithTheUploadAliasesAndDeploysInOneGo() {
        TestTenant acme = tenant("acme");

        Answer answer =
                http().send(
                                post(
                                        acme,
                                        model(acme, "iris") + "/upload?file=model.onnx&deploy=true",
                                        ONNX));

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.as(ModelVersion.class).aliases()).containsExactly("production");
        JsonNode deployment =
                http().get(version(acme, "iris", 1) + "/deployment", acme.ownerToken()).json();
        assertThat(deployment.path("replicas").asInt()).isEqualTo(1);
        assertThat(http().delete(model(acme, "iris"), acme.ownerToken()).status()).isEqualTo(409);
    }

    // Helpers ------------------------------------------------------------------------------------

    private Model uploadTwice(TestTenant tenant) {
        upload(tenant, "iris", "model.onnx", ONNX);
        upload(tenant, "iris", "model.onnx", ONNX);
        return http().get(model(tenant, "iris"), tenant.ownerToken()).as(Model.class);
    }

    private Optional<FeedModel> feed(Model model) {
        return platform.sql("SELECT body::text FROM feed_entry WHERE kind = 'MODEL' AND id = ?")
                .param(model.id().toString())
                .query(String.class)
                .optional()
                .map(body -> Answer.JSON.readValue(body, FeedModel.class));
    }

    private static byte[] textOnnx() {
        return ModelBytes.onnxOf(
                        new ModelBytes.Proto()
                                .message(1, ModelBytes.node("Add", ""))
                                .message(11, ModelBytes.value("input_ids", 7, -1, -1))
                                .message(11, ModelBytes.value("attention_mask", 7, -1, -1))
                                .message(12, ModelBytes.value("last_hidden_state", 1, -1, -1, 8)))
                .toBytes();
    }

    private static String model(TestTenant tenant, String name) {
        return "/api/v1/models/" + tenant.slug() + "/" + name;
    }

    private static String version(TestTenant tenant, String name, int number) {
        return model(tenant, name) + "/versions/" + number;
    }

    private Answer create(TestTenant tenant, String name, Task task) {
        return create(tenant, new CreateModel(name, task, null, null, null));
    }

    private Answer create(TestTenant tenant, CreateModel wish) {
        return http().post("/api/v1/models", tenant.ownerToken(), wish);
    }

    private int openVersion(TestTenant tenant, String name) {
        return http().post(
                        model(tenant, name) + "/versions",
                        tenant.ownerToken(),
                        new CreateVersion(null, null))
                .as(ModelVersion.class)
                .number();
    }

    private Answer complete(TestTenant tenant, String name, int number) {
        return http().post(version(tenant, name, number) + "/complete", tenant.ownerToken(), "{}");
    }

    private Answer put(TestTenant tenant, String name, int number, String file, byte[] content) {
        return http().send(put(tenant, version(tenant, name, number) + "/files/" + file, content));
    }

    private HttpRequest.Builder put(TestTenant tenant, String path, byte[] content) {
        return authorized(tenant, path).PUT(HttpRequest.BodyPublishers.ofByteArray(content));
    }

    private HttpRequest.Builder post(TestTenant tenant, String path, byte[] content) {
        return authorized(tenant, path).POST(HttpRequest.BodyPublishers.ofByteArray(content));
    }

    private HttpRequest.Builder authorized(TestTenant tenant, String path) {
        return http().request(path)
                .header("Authorization", "Bearer " + tenant.ownerToken())
                .header("Content-Type", "application/octet-stream");
    }

    private Answer upload(TestTenant tenant, String name, String file, byte[] content) {
        return http().send(post(tenant, model(tenant, name) + "/upload?file=" + file, content));
    }

    private static Path stored(TestTenant tenant, String sha256) {
        return STORE.resolve(tenant.id().toString())
                .resolve(sha256.substring(0, 2))
                .resolve(sha256);
    }

    private static String digest(byte[] content) throws Exception {
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
    }

    private static String sha256(byte[] content) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
