package dev.atrium.portal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.dom.DomEvent;
import com.vaadin.flow.internal.nodefeature.ElementListenerMap;
import com.vaadin.flow.router.QueryParameters;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class UploadDialogIT extends ViewTest {
    private static final byte[] MODEL = "not really a network".getBytes(StandardCharsets.UTF_8);

    @Test
    void asksForFilesFirst() {
        open();

        click("upload-dialog-submit");

        assertThat(text()).contains("Choose or drop the files first");
        assertThat(state.models).isEmpty();
    }

    @Test
    void suggestsANameAndATaskFromTheFile() {
        open();

        choose("Qwen3 Tiny.gguf");

        assertThat(name().getValue()).isEqualTo("qwen3-tiny");
        assertThat(task().getValue()).isEqualTo(Task.TEXT_GENERATION);
    }

    @Test
    void sendsTheSettingsOfATask() {
        open();
        choose("model.onnx");
        test(name()).setValue("pets");
        assertThat(has("upload-settings")).isFalse();

        task().setValue(Task.IMAGE_CLASSIFICATION);
        assertThat(settings().getValue()).contains("shorterSide");
        task().setValue(Task.AUDIO_CLASSIFICATION);
        assertThat(settings().getValue()).contains("log-mel");
        task().setValue(Task.IMAGE_CLASSIFICATION);
        test(settings()).setValue("{\"labels\": [\"cat\"], \"colour\": 1}");
        click("upload-dialog-submit");
        assertThat(settings().isInvalid()).isTrue();
        assertThat(state.models).isEmpty();
        test(settings()).setValue("{\"labels\": [\"cat\"]}");
        click("upload-dialog-submit");

        assertThat(state.models.getFirst().task()).isEqualTo(Task.IMAGE_CLASSIFICATION);
        assertThat(version().settings().labels()).containsExactly("cat");
    }

    @Test
    void refusesANameThatNoCallCouldUse() {
        open();
        choose("model.onnx");
        test(name()).setValue("infer");

        click("upload-dialog-submit");

        assertThat(name().isInvalid()).isTrue();
        assertThat(name().getErrorMessage()).contains("part of the protocols");
        assertThat(state.models).isEmpty();
    }

    @Test
    void passesTheFilesOnAndShowsWhatWasFound() {
        open();
        choose("model.onnx", "tokenizer.json");
        test(name()).setValue("sentences");
        click("upload-dialog-submit");

        send("model.onnx", "tokenizer.json");

        assertThat(text()).contains("Uploaded and accepted", "2 files", "It is being deployed");
        assertThat(state.files.get("acme/sentences/1/model.onnx")).isEqualTo(MODEL);
        assertThat(version().state()).isEqualTo(VersionState.READY);
        assertThat(state.models.getFirst().aliases()).containsEntry(Model.PRODUCTION, 1);
        click("upload-dialog-done");
        assertThat(UI.getCurrent().getInternals().getActiveViewLocation().getPath())
                .isEqualTo("models/acme/sentences");
    }

    @Test
    void showsWhyTheModelWasRejected() {
        open();
        choose("model.pkl");
        test(name()).setValue("pickled");
        click("upload-dialog-submit");

        send("model.pkl");

        assertThat(text()).contains("The model was rejected", "is a Python pickle", "req-0815");
        assertThat(version().state()).isEqualTo(VersionState.REJECTED);
    }

    @Test
    void offersAnotherTryWhenTheRegistryRefusesAFile() {
        open();
        choose("model.onnx");
        test(name()).setValue("big");
        click("upload-dialog-submit");
        REGISTRY.fail("/files/", 413, ErrorCode.ARTIFACT_TOO_LARGE, "The file is over 2 GB.");

        send("model.onnx");
        assertThat(text())
                .contains("The upload did not work", "The file is over 2 GB.", "req-4711");
        REGISTRY.heal();
        click("upload-again");
        choose("model.onnx");
        click("upload-dialog-submit");
        send("model.onnx");

        assertThat(text()).contains("Uploaded and accepted");
        assertThat(version().number()).isEqualTo(2);
    }

    @Test
    void addsAVersionToAnExistingModel() {
        SampleData.fill(state);
        UI.getCurrent().navigate("models/acme/fashion");
        click("upload-version");
        choose("model.onnx");
        click("upload-dialog-submit");

        send("model.onnx");

        assertThat(version().model()).isEqualTo(SampleData.FASHION);
        assertThat(version().number()).isEqualTo(4);
        assertThat(state.models).hasSize(4);
    }

    @Test
    void saysWhenTheNameIsTaken() {
        SampleData.fill(state);
        open();
        choose("model.onnx");
        test(name()).setValue("fashion");

        clickAndFail("upload-dialog-submit");

        assertThat(notices()).contains("There is already a model named 'acme/fashion'");
        assertThat($(Upload.class).single().getElement().hasAttribute("nodrop")).isFalse();
    }

    private void open() {
        UI.getCurrent().navigate("models", QueryParameters.of("upload", "true"));
    }

    /** What the browser tells when files were chosen or dropped. */
    private void choose(String... files) {
        ObjectNode data = JsonMapper.builder().build().createObjectNode();
        data.put("element.files.length", files.length);
        data.put(UploadDialog.NAMES, String.join("/", List.of(files)));
        Upload upload = $(Upload.class).single();
        upload.getElement()
                .getNode()
                .getFeature(ElementListenerMap.class)
                .fireEvent(new DomEvent(upload.getElement(), "files-changed", data));
    }

    private void send(String... files) {
        for (String file : files) {
            test($(Upload.class).single()).upload(file, "application/octet-stream", MODEL);
        }
        roundTrip();
    }

    private ModelVersion version() {
        return state.versions.getLast();
    }

    private TextArea settings() {
        return $(TextArea.class).withId("upload-settings").single();
    }

    private TextField name() {
        return $(TextField.class).withId("upload-name").single();
    }

    @SuppressWarnings("unchecked")
    private Select<Task> task() {
        return $(Select.class).withId("upload-task").single();
    }
}
