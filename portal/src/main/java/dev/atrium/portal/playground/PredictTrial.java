package dev.atrium.portal.playground;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.server.streams.UploadHandler;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.design.ShareBar;
import dev.atrium.portal.gateway.Curl;
import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.portal.gateway.GatewayException;
import dev.atrium.portal.gateway.PredictionAnswer;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The natural input of a task and the labels or the text that a model finds for it. */
final class PredictTrial extends Trial {
    private static final int LONGEST_TEXT = 8_000;
    private static final int LARGEST_FILE = 16 << 20;

    private final transient GatewayClient gateway;
    private final Model model;
    private final @Nullable Integer version;
    private final TextArea input = new TextArea();
    private final Button run = new Button();
    private final Div result = new Div();

    /**
     * @param version null calls the version in production
     */
    PredictTrial(
            GatewayClient gateway,
            Model model,
            @Nullable Integer version,
            VersionSettings settings) {
        this.gateway = gateway;
        this.model = model;
        this.version = version;
        result.setId("predict-result");
        result.addClassName("trial-result");
        result.getElement().setAttribute("aria-live", "polite");
        boolean isSpeech = model.task() == Task.AUTOMATIC_SPEECH_RECOGNITION;
        Paragraph hint =
                new Paragraph(getTranslation(isSpeech ? "predict.hint.speech" : "predict.hint"));
        hint.addClassName("hint");
        result.add(hint);
        Div editor = new Div();
        editor.add(createInput(settings));
        editor.addClassName("version-content");
        Div columns =
                new Div(
                        new Panel(getTranslation("predict.title"), editor),
                        new Panel(getTranslation("predict.answer"), result));
        columns.addClassName("columns");
        add(columns, createCurlPanel());
        refreshCurl();
    }

    private List<Component> createInput(VersionSettings settings) {
        if (model.task() == Task.IMAGE_CLASSIFICATION) {
            return List.of(createUpload("predict.file", "predict.drop", "image/jpeg", "image/png"));
        }
        if (model.task().hears()) {
            return List.of(
                    createUpload(
                            "predict.sound",
                            "predict.sound.drop",
                            "audio/wav",
                            "audio/x-wav",
                            "audio/flac",
                            "audio/x-flac"));
        }
        boolean isTable = model.task() == Task.TABULAR;
        input.setId("predict-input");
        input.setLabel(getTranslation(isTable ? "predict.rows" : "predict.text"));
        input.setValue(isTable ? RowTemplate.of(settings) : getTranslation("predict.text.sample"));
        input.setMaxLength(LONGEST_TEXT);
        input.setMinHeight("10em");
        input.setMaxHeight("28em");
        input.setWidthFull();
        if (isTable) {
            input.addClassName("mono-input");
        }
        input.setValueChangeMode(ValueChangeMode.LAZY);
        input.addValueChangeListener(change -> refreshCurl());
        run.setId("predict-run");
        run.setText(getTranslation("predict.run"));
        run.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        run.addClickListener(
                click -> run(contentType(), input.getValue().getBytes(StandardCharsets.UTF_8)));
        return List.of(input, run);
    }

    private Upload createUpload(String choose, String drop, String... accepted) {
        Upload upload =
                new Upload(
                        UploadHandler.inMemory(
                                (metadata, bytes) -> run(metadata.contentType(), bytes)));
        upload.setId("predict-file");
        upload.setAcceptedMimeTypes(accepted);
        upload.setMaxFileSize(LARGEST_FILE);
        upload.setUploadButton(new Button(getTranslation(choose)));
        upload.setDropLabel(new Span(getTranslation(drop)));
        return upload;
    }

    private String contentType() {
        return model.task() == Task.TABULAR ? "application/json" : "text/plain";
    }

    private void run(String contentType, byte[] body) {
        showWaiting(result);
        run.setEnabled(false);
        getUI().ifPresent(ui ->
                call(
                        ui,
                        () -> gateway.predict(model.name(), version, contentType, body),
                        this::show,
                        this::showRefusal));
    }

    private void show(PredictionAnswer answer) {
        result.removeAll();
        if (answer.text() != null) {
            result.add(createText(answer.text()));
        }
        int rows = Math.max(answer.labels().size(), answer.values().size());
        for (int row = 0; row < rows; row++) {
            if (rows > 1) {
                result.add(new H3(getTranslation("predict.row", row + 1)));
            }
            result.add(
                    answer.labels().isEmpty()
                            ? createValues(answer.values().get(row))
                            : createLabels(answer.labels().get(row)));
        }
        result.add(
                facts(
                        getTranslation("fact.took", Amounts.duration(answer.took(), getLocale())),
                        getTranslation("fact.request", answer.requestId())));
        run.setEnabled(true);
    }

    private OrderedList createLabels(List<PredictionAnswer.Scored> labels) {
        OrderedList list = new OrderedList();
        list.addClassName("scores");
        for (PredictionAnswer.Scored each : labels) {
            Span name = new Span(each.label());
            name.addClassName("score-label");
            ShareBar bar = new ShareBar(Math.clamp(each.score(), 0, 1));
            bar.getElement().setAttribute("aria-hidden", "true");
            Span score = new Span(String.format(getLocale(), "%.3f", each.score()));
            score.addClassName("score-value");
            ListItem item = new ListItem(name, bar, score);
            item.addClassName("score");
            list.add(item);
        }
        return list;
    }

    private Paragraph createText(String spoken) {
        Paragraph text =
                new Paragraph(spoken.isEmpty() ? getTranslation("predict.silence") : spoken);
        text.setId("predict-spoken");
        return text;
    }

    private static Paragraph createValues(List<String> values) {
        Paragraph text = new Paragraph(String.join("   ", values));
        text.addClassName("mono");
        return text;
    }

    private void showRefusal(GatewayException refused) {
        result.removeAll();
        result.add(refusal(refused));
        run.setEnabled(true);
    }

    private void refreshCurl() {
        String url = gateway.publicUrl(GatewayClient.predictPath(model.name(), version));
        run.setEnabled(!input.isEmpty());
        showCurl(Curl.predict(url, Curl.KEY_VARIABLE, model.task(), input.getValue()));
    }
}
