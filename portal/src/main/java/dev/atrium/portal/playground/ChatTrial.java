package dev.atrium.portal.playground;

import com.vaadin.flow.component.DetachEvent;
import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.gateway.ChatCall;
import dev.atrium.portal.gateway.ChatMessage;
import dev.atrium.portal.gateway.Curl;
import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.registry.api.catalog.ModelName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conversation whose answers appear as they are made, and can be stopped. */
final class ChatTrial extends Trial {
    private static final String USER = "user";
    private static final int USUAL_TOKENS = 256;
    private static final int MOST_TOKENS = 4096;

    private final transient GatewayClient gateway;
    private final ModelName model;
    private final transient List<ChatMessage> messages = new ArrayList<>();
    private final Div log = new Div();
    private final TextArea input = new TextArea();
    private final IntegerField maxTokens = new IntegerField();
    private final Button send = new Button();
    private final Button stop = new Button();
    private transient @Nullable ChatCall running;

    ChatTrial(GatewayClient gateway, ModelName model) {
        this.gateway = gateway;
        this.model = model;
        configureLog();
        configureInput();
        configureButtons();
        Div controls = new Div(maxTokens, send, stop);
        controls.addClassName("chat-controls");
        Div content = new Div(log, input, controls);
        content.addClassName("version-content");
        Button clear = new Button(getTranslation("chat.clear"), click -> clear());
        clear.setId("chat-clear");
        clear.addThemeVariants(ButtonVariant.LUMO_TERTIARY, ButtonVariant.LUMO_SMALL);
        add(new Panel(getTranslation("chat.title"), content).actions(clear), createCurlPanel());
        refreshCurl();
        idle();
    }

    @Override
    protected void onDetach(DetachEvent event) {
        super.onDetach(event);
        stopRunning();
    }

    private void configureLog() {
        log.setId("chat-log");
        log.addClassName("chat-log");
        log.getElement().setAttribute("role", "log");
        log.getElement().setAttribute("aria-label", getTranslation("chat.title"));
        log.getElement().setAttribute("tabindex", "0");
        showHint();
    }

    private void showHint() {
        Paragraph hint = new Paragraph(getTranslation("chat.hint"));
        hint.addClassName("hint");
        log.add(hint);
    }

    private void configureInput() {
        input.setId("chat-input");
        input.setLabel(getTranslation("chat.input"));
        input.setPlaceholder(getTranslation("chat.placeholder"));
        input.setMaxHeight("10em");
        input.setWidthFull();
        input.setValueChangeMode(ValueChangeMode.EAGER);
        input.addValueChangeListener(change -> refreshCurl());
        maxTokens.setId("chat-max-tokens");
        maxTokens.setLabel(getTranslation("chat.maxtokens"));
        maxTokens.setValue(USUAL_TOKENS);
        maxTokens.setMin(1);
        maxTokens.setMax(MOST_TOKENS);
        maxTokens.setStepButtonsVisible(true);
        maxTokens.addValueChangeListener(change -> refreshCurl());
    }

    private void configureButtons() {
        send.setId("chat-send");
        send.setText(getTranslation("chat.send"));
        send.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        send.addClickListener(click -> send());
        send.addClickShortcut(Key.ENTER).listenOn(input);
        stop.setId("chat-stop");
        stop.setText(getTranslation("chat.stop"));
        stop.setIcon(Icon.STOP.create());
        stop.addClickListener(click -> stopRunning());
    }

    private void send() {
        String text = input.getValue().strip();
        UI ui = UI.getCurrent();
        if (text.isEmpty() || running != null || maxTokens.isInvalid()) {
            return;
        }
        if (messages.isEmpty()) {
            log.removeAll();
        }
        messages.add(new ChatMessage(USER, text));
        log.add(ChatBubble.question(text));
        ChatBubble answer = ChatBubble.answer();
        log.add(answer);
        input.clear();
        send.setVisible(false);
        stop.setVisible(true);
        running =
                gateway.chat(
                        model,
                        List.copyOf(messages),
                        tokens(),
                        new StreamedAnswer(ui, answer, this::finished));
    }

    /** The answer is over; what was said of it stays part of the conversation. */
    private void finished(String text) {
        running = null;
        if (!text.isBlank()) {
            messages.add(new ChatMessage("assistant", text));
        } else if (!messages.isEmpty()) {
            // A question without an answer would confuse the next turn.
            messages.removeLast();
        }
        idle();
        refreshCurl();
        input.focus();
    }

    private void idle() {
        send.setVisible(true);
        stop.setVisible(false);
    }

    private void stopRunning() {
        ChatCall call = running;
        if (call != null) {
            call.stop();
        }
    }

    private void clear() {
        stopRunning();
        messages.clear();
        log.removeAll();
        showHint();
        refreshCurl();
    }

    private int tokens() {
        Integer value = maxTokens.getValue();
        return value == null ? USUAL_TOKENS : value;
    }

    private void refreshCurl() {
        List<ChatMessage> example = new ArrayList<>(messages);
        if (!input.isEmpty()) {
            example.add(new ChatMessage(USER, input.getValue()));
        } else if (example.isEmpty()) {
            example.add(new ChatMessage(USER, getTranslation("chat.sample")));
        } else if (!example.getLast().role().equals(USER)) {
            // The command of the last question, whose answer is already there.
            example.removeLast();
        }
        showCurl(
                Curl.post(
                        gateway.publicUrl("/v1/chat/completions"),
                        Curl.KEY_VARIABLE,
                        gateway.chatBody(model, example, tokens())));
    }
}
