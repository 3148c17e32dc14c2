package dev.atrium.registry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.artifact.ModelBytes;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tasks above tensors and what versions say about them. */
class TaskSettingsIT extends RegistryTest {
    private static final String COLUMNS =
            """
            {"columns": [{"name": "age", "mean": 40, "std": 10},
                         {"name": "city", "kind": "one-hot", "categories": ["Rome", "Oslo"]}],
             "labels": ["no", "yes"]}\
            """;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void keepsAndShowsTheSettingsOfATask() {
        TestTenant acme = tenant("acme");
        model(acme, "churn", Task.TABULAR);

        Answer created = open(acme, "churn", COLUMNS);
        ModelVersion shown =
                http().get(path(acme, "churn") + "/versions/1", acme.ownerToken())
                        .as(ModelVersion.class);

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(shown.settings().labels()).containsExactly("no", "yes");
        assertThat(shown.settings().columns()).hasSize(2);
        assertThat(shown.settings().columns().get(1).categories()).contains("Oslo");
    }

    @Test
    void refusesWhatNobodyWouldObeyAndNamesIt() {
        TestTenant acme = tenant("acme");
        model(acme, "pets", Task.IMAGE_CLASSIFICATION);
        model(acme, "churn", Task.TABULAR);

        assertRefused(open(acme, "pets", "{\"labelz\": [\"a\"]}"), "'labelz' is no setting");
        assertRefused(open(acme, "pets", "{\"image\": {\"widht\": 3}}"), "'widht' is no setting");
        assertRefused(open(acme, "pets", "{\"pooling\": \"cls\"}"), "'settings.pooling' means");
        assertRefused(open(acme, "pets", COLUMNS), "'settings.columns' means nothing");
        assertRefused(open(acme, "churn", "{}"), "needs 'settings.columns'");
        assertRefused(open(acme, "pets", "{\"labels\": []}"), "'settings.labels' has 0");
        assertRefused(open(acme, "pets", "{\"labels\": [\"a\", \"a\"]}"), "labels[1]' stands");
        assertRefused(open(acme, "pets", "{\"labels\": [\"a\", null]}"), "labels[1]' must");
        assertRefused(open(acme, "pets", "{\"labels\": [\"a\\u0000\"]}"), "control character");
        assertRefused(open(acme, "pets", "{\"output\": \"a\\ud800\"}"), "'settings.output'");
        assertRefused(open(acme, "pets", "{\"activation\": \"relu\"}"), "softmax or sigmoid");
        assertRefused(open(acme, "pets", "{\"topK\": 0}"), "'settings.topK' is 0");
        assertRefused(open(acme, "pets", "{\"image\": {\"mean\": [1, 2]}}"), "each of 3 channels");
        assertRefused(
                open(acme, "pets", "{\"image\": {\"std\": [1, 0, 1]}}"), "'settings.image.std'");
        assertRefused(
                open(acme, "pets", "{\"image\": {\"width\": 9, \"shorterSide\": 8}}"),
                "shorterSide' is less");
        assertRefused(
                open(acme, "churn", "{\"columns\": [{\"name\": \"a\", \"kind\": \"ordinal\"}]}"),
                "columns[0].categories' must");
        assertRefused(
                open(acme, "churn", "{\"columns\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}"),
                "stands there twice");
        assertRefused(open(acme, "churn", "{\"columns\": [null]}"), "columns[0]' must be an");
    }

    @Test
    void keepsHowARecordingIsHeard() {
        TestTenant acme = tenant("acme");
        model(acme, "sounds", Task.AUDIO_CLASSIFICATION);
        model(acme, "speech", Task.AUTOMATIC_SPEECH_RECOGNITION);

        Answer sounds =
                open(
                        acme,
                        "sounds",
                        """
                        {"labels": ["a", "b"], "audio": {"sampleRate": 8000, "features": "mfcc",
                         "maxSeconds": 10, "mel": {"bands": 40, "coefficients": 20}}}\
                        """);
        Answer speech =
                open(
                        acme,
                        "speech",
                        """
                        {"audio": {"normalize": "recording"},
                         "ctc": {"vocabulary": ["<pad>", " ", "a"], "wordDelimiter": " "}}\
                        """);

        assertThat(sounds.status()).as(sounds.text()).isEqualTo(201);
        assertThat(sounds.as(ModelVersion.class).settings().audio().mel().coefficients())
                .isEqualTo(20);
        assertThat(speech.status()).as(speech.text()).isEqualTo(201);
        assertThat(speech.as(ModelVersion.class).settings().ctc().vocabulary()).contains(" ");
    }

    @Test
    void refusesHearingThatCannotBe() {
        TestTenant acme = tenant("acme");
        model(acme, "pets", Task.IMAGE_CLASSIFICATION);
        model(acme, "sounds", Task.AUDIO_CLASSIFICATION);
        model(acme, "speech", Task.AUTOMATIC_SPEECH_RECOGNITION);

        assertRefused(open(acme, "pets", "{\"audio\": {}}"), "'settings.audio' means nothing");
        assertRefused(open(acme, "sounds", "{\"ctc\": {}}"), "'settings.ctc' means nothing");
        assertRefused(open(acme, "speech", "{\"labels\": [\"a\"]}"), "'settings.labels' means");
        assertRefused(open(acme, "speech", "{\"ctc\": {\"blnk\": 0}}"), "'blnk' is no setting");
        assertRefused(audio(acme, "\"rate\": 8000"), "'rate' is no setting");
        assertRefused(audio(acme, "\"mel\": {\"hop\": 1}"), "'hop' is no setting");
        assertRefused(audio(acme, "\"sampleRate\": 999"), "sampleRate' is 999");
        assertRefused(audio(acme, "\"maxSeconds\": 601"), "maxSeconds' is 601");
        assertRefused(
                audio(acme, "\"maxSeconds\": 600, \"sampleRate\": 48000"), "10000000 samples");
        assertRefused(audio(acme, "\"seconds\": 61"), "audio.seconds' is 61");
        assertRefused(audio(acme, "\"features\": \"mel\""), "waveform or log-mel or mfcc");
        assertRefused(audio(acme, "\"mel\": {}"), "audio.mel' is for the features");
        assertRefused(audio(acme, "\"normalize\": \"band\""), "a waveform has none");
        assertRefused(audio(acme, "\"std\": [0]"), "audio.std' is 0");
        assertRefused(audio(acme, "\"mean\": [1, 2]"), "audio.mean' must have one number");
        assertRefused(
                mel(acme, "\"fftSize\": 256, \"windowLength\": 400"), "less than the window's 400");
        assertRefused(mel(acme, "\"minFrequency\": 9000"), "minFrequency' is 9000");
        assertRefused(mel(acme, "\"maxFrequency\": 8001"), "maxFrequency' is 8001");
        assertRefused(mel(acme, "\"coefficients\": 13"), "are for the features mfcc");
        assertRefused(mel(acme, "\"log\": \"ln\""), "db or natural");
        assertRefused(
                mel(acme, "\"log\": \"none\", \"topDb\": 80"),
                "'settings.audio.mel.topDb' is 80.0, which means nothing where"
                        + " 'settings.audio.mel.log' is none");
        assertRefused(mel(acme, "\"log\": \"none\", \"floor\": 0.1"), "mel.floor' is 0.1");
        assertRefused(mel(acme, "\"log\": \"none\", \"floorRule\": \"add\""), "floorRule' is add");
        assertThat(mel(acme, "\"log\": \"none\"").status()).isEqualTo(201);
        assertThat(mel(acme, "\"log\": \"natural\", \"topDb\": 80").status()).isEqualTo(201);
        assertRefused(
                open(acme, "speech", "{\"ctc\": {\"vocabulary\": [\"a\", \"b\"], \"blank\": 3}}"),
                "ctc.blank' is 3");
        assertRefused(
                open(acme, "speech", "{\"ctc\": {\"vocabulary\": [\"a\", \"\"]}}"),
                "vocabulary[1]' must");
    }

    private Answer audio(TestTenant tenant, String members) {
        return open(tenant, "sounds", "{\"audio\": {" + members + "}}");
    }

    private Answer mel(TestTenant tenant, String members) {
        return audio(tenant, "\"features\": \"log-mel\", \"mel\": {" + members + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRANSLATION", "SUMMARIZATION", "summarization"})
    void saysWhichTaskDoesWhatIsNotBuilt(String task) {
        Answer answer = openAs(task);

        assertRefused(
                answer,
                "the task '"
                        + task
                        + "' is not built; a model of TEXT_GENERATION does it on"
                        + " /v1/chat/completions; there are ");
    }

    @Test
    void namesTheTasksThatAreBuilt() {
        Answer answer = openAs("DETECTION");

        assertRefused(answer, "the task 'DETECTION' is not built; there are ");
        assertThat(answer.text()).contains("TEXT_CLASSIFICATION, IMAGE_CLASSIFICATION, TABULAR");
    }

    private Answer openAs(String task) {
        TestTenant acme = tenant("acme");
        return http().post(
                        "/api/v1/models",
                        acme.ownerToken(),
                        "{\"name\": \"t\", \"task\": \"" + task + "\"}");
    }

    @Test
    void changesTaskAndSettingsUntilTheFirstDeployment() {
        TestTenant acme = tenant("acme");
        upload(acme, "iris", "");

        Answer changed =
                change(acme, "iris", "{\"task\": \"TABULAR\", \"settings\": " + COLUMNS + "}");
        Answer misfit =
                change(acme, "iris", "{\"task\": \"TEXT_CLASSIFICATION\", \"settings\": {}}");
        deploy(acme, "iris");
        Answer late = change(acme, "iris", "{\"settings\": " + COLUMNS + "}");
        http().delete(path(acme, "iris") + "/versions/1/deployment", acme.ownerToken());
        Answer still = change(acme, "iris", "{\"settings\": " + COLUMNS + "}");

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.as(ModelVersion.class).settings().columns()).hasSize(2);
        assertRefused(misfit, "tokenizer.json");
        assertThat(shown(acme, "iris").task()).isEqualTo(Task.TABULAR);
        assertThat(late.status()).as(late.text()).isEqualTo(409);
        assertThat(late.text()).contains("deployed");
        assertThat(still.status()).isEqualTo(409);
    }

    @Test
    void fixesTheTaskOnceAnyVersionWasDeployed() {
        TestTenant acme = tenant("acme");
        upload(acme, "iris", "&deploy=true");
        upload(acme, "iris", "");

        Answer answer =
                http().patch(
                                path(acme, "iris") + "/versions/2",
                                acme.ownerToken(),
                                "{\"task\": \"TABULAR\", \"settings\": " + COLUMNS + "}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(409);
        assertThat(shown(acme, "iris").task()).isEqualTo(Task.TENSORS);
    }

    @Test
    void keepsForeignVersionsAsTheyAre() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        upload(acme, "iris", "");

        Answer foreign =
                http().patch(
                                path(acme, "iris") + "/versions/1",
                                globex.ownerToken(),
                                "{\"settings\": {}}");

        assertThat(foreign.status()).isEqualTo(404);
    }

    @Test
    void sparesGatewaysTheLabels() {
        TestTenant acme = tenant("acme");
        upload(acme, "iris", "");
        change(acme, "iris", "{\"task\": \"TABULAR\", \"settings\": " + COLUMNS + "}");
        deploy(acme, "iris");

        FeedModel fed =
                platform.sql("SELECT body::text FROM feed_entry WHERE kind = 'MODEL' AND id = ?")
                        .param(shown(acme, "iris").id().toString())
                        .query(String.class)
                        .optional()
                        .map(body -> Answer.JSON.readValue(body, FeedModel.class))
                        .orElseThrow();

        assertThat(fed.task()).isEqualTo(Task.TABULAR);
        assertThat(fed.versions().getFirst().settings().columns()).isNull();
    }

    private void model(TestTenant tenant, String name, Task task) {
        http().post(
                        "/api/v1/models",
                        tenant.ownerToken(),
                        new CreateModel(name, task, null, List.of(), null));
    }

    private Answer open(TestTenant tenant, String name, String settings) {
        return http().post(
                        path(tenant, name) + "/versions",
                        tenant.ownerToken(),
                        "{\"settings\": " + settings + "}");
    }

    private Answer change(TestTenant tenant, String name, String body) {
        return http().patch(path(tenant, name) + "/versions/1", tenant.ownerToken(), body);
    }

    private void deploy(TestTenant tenant, String name) {
        Answer deployed =
                http().put(
                                path(tenant, name) + "/versions/1/deployment",
                                tenant.ownerToken(),
                                "{\"replicas\": 0}");
        assertThat(deployed.status()).as(deployed.text()).isEqualTo(200);
    }

    private void upload(TestTenant tenant, String name, String more) {
        Answer uploaded =
                http().send(
                                http().request(
                                                path(tenant, name)
                                                        + "/upload?file=model.onnx"
                                                        + more)
                                        .header("Authorization", "Bearer " + tenant.ownerToken())
                                        .header("Content-Type", "application/octet-stream")
                                        .POST(
                                                HttpRequest.BodyPublishers.ofByteArray(
                                                        ModelBytes.onnx())));
        assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(201);
    }

    private Model shown(TestTenant tenant, String name) {
        return http().get(path(tenant, name), tenant.ownerToken()).as(Model.class);
    }

    private static String path(TestTenant tenant, String name) {
        return "/api/v1/models/" + tenant.slug() + "/" + name;
    }

    private static void assertRefused(Answer answer, String words) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains(words);
    }
}
