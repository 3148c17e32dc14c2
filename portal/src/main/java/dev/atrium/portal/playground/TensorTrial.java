package dev.atrium.portal.playground;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.design.JsonFault;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.gateway.Curl;
import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.portal.gateway.GatewayException;
import dev.atrium.portal.gateway.TensorAnswer;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Signature;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A tensor request to edit and its answer. */
final class TensorTrial extends Trial {
    private static final int LONGEST_COMMAND = 6000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final transient GatewayClient gateway;
    private final ModelName model;
    private final @Nullable Integer version;
    private final TextArea request = new TextArea();
    private final Button run = new Button();
    private final Div result = new Div();

    /**
     * Prepares the editor.
     *
     * @param version null calls the version in production
     */
    TensorTrial(
            GatewayClient gateway,
            ModelName model,
            @Nullable Integer version,
            Signature signature) {
        this.gateway = gateway;
        this.model = model;
        this.version = version;
        request.setId("tensor-request");
        request.addClassName("mono-input");
        request.setLabel(getTranslation("tensor.request"));
        request.setValue(TensorTemplate.of(signature));
        request.setMinHeight("16em");
        request.setMaxHeight("28em");
        request.setWidthFull();
        request.setValueChangeMode(ValueChangeMode.LAZY);
        request.addValueChangeListener(change -> refreshCurl());
        run.setId("tensor-run");
        run.setText(getTranslation("tensor.run"));
        run.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        run.addClickListener(click -> run());
        result.setId("tensor-result");
        result.addClassName("trial-result");
        result.getElement().setAttribute("aria-live", "polite");
        Paragraph hint = new Paragraph(getTranslation("tensor.hint"));
        hint.addClassName("hint");
        result.add(hint);
        Div editor = new Div(request, run);
        editor.addClassName("version-content");
        Div columns =
                new Div(
                        new Panel(getTranslation("tensor.title"), editor),
                        new Panel(getTranslation("tensor.answer"), result));
        columns.addClassName("columns");
        add(columns, createCurlPanel());
        refreshCurl();
    }

    private void run() {
        String body = request.getValue();
        if (!isJson(body)) {
            return;
        }
        showWaiting(result);
        run.setEnabled(false);
        getUI().ifPresent(ui ->
                call(ui, () -> gateway.infer(model, version, body), this::show, this::showRefusal));
    }

    private boolean isJson(String body) {
        try {
            JSON.readTree(body);
            request.setInvalid(false);
            return true;
        } catch (JacksonException e) {
            request.setErrorMessage(JsonFault.words(this, "tensor.nojson", e));
            request.setInvalid(true);
            request.focus();
            return false;
        }
    }

    private void show(TensorAnswer answer) {
        CodeBlock body = new CodeBlock(answer.body());
        body.setId("tensor-answer");
        result.removeAll();
        result.add(
                body,
                facts(
                        getTranslation("fact.took", Amounts.duration(answer.took(), getLocale())),
                        getTranslation("fact.request", answer.requestId())));
        run.setEnabled(true);
    }

    private void showRefusal(GatewayException refused) {
        result.removeAll();
        result.add(refusal(refused));
        run.setEnabled(true);
    }

    private void refreshCurl() {
        String body = compact(request.getValue());
        String url = gateway.publicUrl(GatewayClient.inferPath(model, version));
        showCurl(
                body.length() > LONGEST_COMMAND
                        ? Curl.post(url, Curl.KEY_VARIABLE, "@request.json")
                        : Curl.post(url, Curl.KEY_VARIABLE, body));
    }

    private static String compact(String body) {
        try {
            return Objects.requireNonNullElse(JSON.readTree(body), JSON.nullNode()).toString();
        } catch (JacksonException e) {
            // Half-typed: shown as it is until it can be read.
            return body;
        }
    }
}
