package dev.atrium.portal.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.markdown.Markdown;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.router.QueryParameters;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.catalog.ColumnSettings;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.tenancy.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaygroundViewIT extends ViewTest {
    @Test
    void sendsToTheModelsWhenThereIsNone() {
        navigate(PlaygroundView.class);

        assertThat(text()).contains("No model to try", "To the models");
    }

    @Test
    void comparesTwoTexts() {
        SampleData.fill(state);
        open("model=atrium/minilm");
        enter("embedding-first", "abc");
        enter("embedding-second", "cab");

        click("compare");
        await(() -> has("similarity"));

        assertThat($(Span.class).withId("similarity").single().getText()).isEqualTo("1.000");
        assertThat(text()).contains("26 dimensions", "11 input tokens", "very close");
        assertThat(curl()).contains("https://api.example/v1/embeddings", "\"abc\"");
    }

    @Test
    void streamsAnAnswerWithItsTokens() {
        SampleData.fill(state);
        open("model=atrium/tinychat");
        enter("chat-input", "What is an atrium?");

        click("chat-send");
        await(() -> text().contains("5 output tokens"));

        assertThat($(Markdown.class).single().getContent())
                .isEqualTo("You said: What is an atrium?");
        assertThat(text()).contains("7 input tokens");
        assertThat(has("chat-stop")).isFalse();
    }

    @Test
    void stopsAnAnswerHalfWay() {
        SampleData.fill(state);
        open("model=atrium/tinychat");
        enter("chat-input", "Please speak without end");
        click("chat-send");
        await(() -> has("chat-stop"));

        click("chat-stop");
        await(() -> text().contains("stopped by you"));

        assertThat(has("chat-send")).isTrue();
        await(() -> REGISTRY.state().requests.contains("stream cut"));
    }

    @Test
    void showsWhatTheGatewaySaysWhenItRefuses() {
        SampleData.fill(state);
        open("model=atrium/tinychat");
        enter("chat-input", "this is too long");

        click("chat-send");
        await(() -> has("trial-refusal"));

        assertThat(text())
                .contains("The prompt has 4096 tokens", "0190b000-0000-7000-8000-00000000000a");
        assertThat(has("chat-send")).isTrue();
    }

    @Test
    void runsTensorsThatFitTheSignature() {
        SampleData.fill(state);
        open("model=acme/fashion");
        assertThat(area("tensor-request").getValue()).contains("\"image\"", "28, 28");

        click("tensor-run");
        await(() -> has("tensor-answer"));

        assertThat($(CodeBlock.class).withId("tensor-answer").single().getText())
                .contains("\"scores\"");
        assertThat(state.requests).contains("POST /v2/models/acme/fashion/infer");
    }

    @Test
    void labelsATextWithBarsForItsScores() {
        SampleData.fill(state);
        retask(Task.TEXT_CLASSIFICATION, VersionSettings.DEFAULT);
        open("model=acme/fashion");
        enter("predict-input", "fine");

        click("predict-run");
        await(() -> text().contains("0.875"));

        assertThat(text()).contains("text/plain of 4", "other", "0.125");
        assertThat(state.requests).contains("POST /v1/predict/acme/fashion");
        assertThat(curl())
                .contains("https://api.example/v1/predict/acme/fashion", "--data-raw 'fine'");
    }

    @Test
    void offersARowOfTheVersionsColumns() {
        SampleData.fill(state);
        ColumnSettings age = new ColumnSettings("age", null, 40.0, null, null, null, null);
        ColumnSettings city =
                new ColumnSettings("city", "ordinal", null, null, List.of("Rome"), null, null);
        retask(
                Task.TABULAR,
                new VersionSettings(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(age, city),
                        null,
                        null));
        open("model=acme/fashion&version=2");
        assertThat(area("predict-input").getValue()).contains("\"age\" : 40", "\"Rome\"");

        click("predict-run");
        await(() -> text().contains("0.25"));

        assertThat(text()).contains("NaN");
        assertThat(state.requests).contains("POST /v1/predict/acme/fashion/versions/2");
    }

    @Test
    void takesAPictureAsAFile() {
        SampleData.fill(state);
        retask(Task.IMAGE_CLASSIFICATION, VersionSettings.DEFAULT);
        open("model=acme/fashion");

        choose("cat.png", "image/png");
        await(() -> text().contains("image/png of 3"));

        assertThat(curl()).startsWith("curl -T cat.png https://api.example/v1/predict/");
    }

    @Test
    void takesARecordingAsAFile() {
        SampleData.fill(state);
        retask(Task.AUDIO_CLASSIFICATION, VersionSettings.DEFAULT);
        open("model=acme/fashion");

        choose("dog.wav", "audio/wav");
        await(() -> text().contains("audio/wav of 3"));

        assertThat(curl()).startsWith("curl -T recording.wav https://api.example/v1/predict/");
    }

    @Test
    void showsWhatIsSaidInARecording() {
        SampleData.fill(state);
        retask(Task.AUTOMATIC_SPEECH_RECOGNITION, VersionSettings.DEFAULT);
        open("model=acme/fashion");
        assertThat(text()).contains("What is said in the recording");

        choose("words.flac", "audio/flac");
        await(() -> has("predict-spoken"));

        assertThat(text()).contains("3 bytes were spoken");
    }

    private void choose(String name, String type) {
        test($(Upload.class).withId("predict-file").single())
                .upload(name, type, new byte[] {1, 2, 3});
    }

    @Test
    void callsTheVersionThatWasChosen() {
        SampleData.fill(state);
        open("model=acme/fashion&version=1");

        click("tensor-run");
        await(() -> has("tensor-answer"));

        assertThat(state.requests).contains("POST /v2/models/acme/fashion/versions/1/infer");
        assertThat(curl()).contains("/versions/1/infer");
    }

    @Test
    void pointsAtTheMistakeInBrokenJson() {
        SampleData.fill(state);
        open("model=acme/fashion");
        enter("tensor-request", "{\n  \"inputs\": [}");

        click("tensor-run");

        assertThat(area("tensor-request").isInvalid()).isTrue();
        assertThat(area("tensor-request").getErrorMessage()).contains("line 2");
        assertThat(state.requests).noneMatch(request -> request.endsWith("/infer"));
    }

    @Test
    void warnsBeforeAModelThatIsOnNoNode() {
        SampleData.fill(state);

        open("model=acme/churn-score");

        assertThat(has("not-ready")).isTrue();
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void isClosedToViewers() {
        navigateToFailure("playground");

        assertThat(text()).contains("Nothing here");
    }

    private static void open(String query) {
        UI.getCurrent().navigate(PlaygroundView.class, QueryParameters.fromString(query));
    }

    private void retask(Task task, VersionSettings settings) {
        SampleData.retask(state, task, settings);
    }

    private void enter(String id, String value) {
        test(area(id)).setValue(value);
    }

    private TextArea area(String id) {
        return $(TextArea.class).withId(id).single();
    }

    private String curl() {
        return $(CodeBlock.class).withId("trial-curl").single().getText();
    }
}
