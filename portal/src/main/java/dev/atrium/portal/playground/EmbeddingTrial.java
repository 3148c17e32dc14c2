package dev.atrium.portal.playground;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.gateway.Curl;
import dev.atrium.portal.gateway.Embeddings;
import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.portal.gateway.GatewayException;
import dev.atrium.registry.api.catalog.ModelName;
import java.util.List;
import java.util.Locale;

/** Two texts and how close a model finds them. */
final class EmbeddingTrial extends Trial {
    private static final int LONGEST_TEXT = 8000;

    private final transient GatewayClient gateway;
    private final ModelName model;
    private final TextArea first = new TextArea();
    private final TextArea second = new TextArea();
    private final Button compare = new Button();
    private final Div result = new Div();

    EmbeddingTrial(GatewayClient gateway, ModelName model) {
        this.gateway = gateway;
        this.model = model;
        configure(first, "embedding-first", "embedding.first", "embedding.first.sample");
        configure(second, "embedding-second", "embedding.second", "embedding.second.sample");
        compare.setId("compare");
        compare.setText(getTranslation("embedding.compare"));
        compare.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        compare.addClickListener(click -> run());
        result.setId("embedding-result");
        result.addClassName("trial-result");
        result.getElement().setAttribute("aria-live", "polite");
        Paragraph hint = new Paragraph(getTranslation("embedding.hint"));
        hint.addClassName("hint");
        result.add(hint);
        Div texts = new Div(first, second);
        texts.addClassName("texts");
        Div content = new Div(texts, compare, result);
        content.addClassName("version-content");
        add(new Panel(getTranslation("embedding.title"), content), createCurlPanel());
        refreshCurl();
    }

    private void configure(TextArea field, String id, String label, String sample) {
        field.setId(id);
        field.setLabel(getTranslation(label));
        field.setValue(getTranslation(sample));
        field.setMaxLength(LONGEST_TEXT);
        field.setMinHeight("7em");
        field.setValueChangeMode(ValueChangeMode.LAZY);
        field.addValueChangeListener(change -> refreshCurl());
    }

    private List<String> texts() {
        return List.of(first.getValue(), second.getValue());
    }

    private void refreshCurl() {
        compare.setEnabled(!first.isEmpty() && !second.isEmpty());
        showCurl(
                Curl.post(
                        gateway.publicUrl("/v1/embeddings"),
                        Curl.KEY_VARIABLE,
                        gateway.embeddingsBody(model, texts())));
    }

    private void run() {
        showWaiting(result);
        compare.setEnabled(false);
        List<String> texts = texts();
        getUI().ifPresent(ui ->
                call(ui, () -> gateway.embed(model, texts), this::show, this::showRefusal));
    }

    private void show(Embeddings answer) {
        Locale locale = getLocale();
        double similarity = answer.similarity(0, 1);
        Span value = new Span(String.format(locale, "%.3f", similarity));
        value.setId("similarity");
        value.addClassName("similarity");
        Div fill = new Div();
        fill.addClassName("share-fill");
        fill.setWidth(Math.round(Math.clamp(similarity, 0, 1) * 100) + "%");
        Div gauge = new Div(fill);
        gauge.addClassNames("share", "gauge");
        Span words = new Span(getTranslation(words(similarity)));
        words.addClassName("quiet");
        Div head = new Div(value, new Div(new Span(getTranslation("embedding.similarity")), words));
        head.addClassName("similarity-row");
        result.removeAll();
        result.add(
                head,
                gauge,
                facts(
                        getTranslation("embedding.dimensions", answer.vectors().getFirst().length),
                        getTranslation(
                                "fact.tokens.in", Amounts.count(answer.inputTokens(), locale)),
                        getTranslation("fact.took", Amounts.duration(answer.took(), locale))));
        compare.setEnabled(true);
    }

    private void showRefusal(GatewayException refused) {
        result.removeAll();
        result.add(refusal(refused));
        compare.setEnabled(true);
    }

    private static String words(double similarity) {
        if (similarity > 0.75) {
            return "embedding.close";
        }
        return similarity > 0.4 ? "embedding.related" : "embedding.far";
    }
}
