package dev.atrium.portal.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.markdown.Markdown;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.router.QueryParameters;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.tenancy.Role;
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
