package dev.atrium.portal.quota;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.registry.RegistryRequests;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.RequestState;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the reader has asked for, and in each limit's card the way to ask. */
final class MyRequests extends Div {
    private final transient RegistryRequests requests;
    private final transient PolicyWords words;
    private final transient Map<PolicyId, Slot> slots = new HashMap<>();
    private final RequestList list;
    private List<QuotaRequest> open = List.of();

    MyRequests(RegistryRequests requests, PolicyWords words, Clock clock) {
        this.requests = requests;
        this.words = words;
        list =
                new RequestList(
                        "my-requests",
                        request ->
                                new RequestCard(request, words, clock)
                                        .with(createActions(request)));
        add(new Panel(getTranslation("request.mine"), list).flush());
    }

    void reload() {
        list.load(requests::mine, new Div());
        setVisible(!list.isEmpty());
        open = list.isEmpty() ? List.of() : requests.myOpen();
        slots.values().forEach(this::fill);
    }

    /** What stands in a limit's card: a button to ask, or that it was asked. */
    Component createSlot(Policy policy) {
        Slot slot = new Slot(policy);
        slots.put(policy.id(), slot);
        fill(slot);
        return slot;
    }

    private void fill(Slot slot) {
        Policy policy = slot.policy;
        Optional<QuotaRequest> asked =
                open.stream()
                        .filter(request -> request.policy().id().equals(policy.id()))
                        .findFirst();
        if (slot.isFilled && slot.asked.equals(asked)) {
            return;
        }
        slot.isFilled = true;
        slot.asked = asked;
        slot.removeAll();
        asked.ifPresentOrElse(
                request -> {
                    Span text =
                            new Span(
                                    getTranslation(
                                            "request.asked",
                                            words.figure(policy.unit(), request.amount())));
                    text.addClassName("quiet");
                    slot.add(text);
                },
                () ->
                        slot.add(
                                ActionButton.inRow(
                                        "ask-" + policy.id(),
                                        getTranslation("request.ask"),
                                        getTranslation("request.ask.named", policy.name()),
                                        () ->
                                                new AskDialog(requests, policy, words, this::reload)
                                                        .open())));
    }

    private Div createActions(QuotaRequest request) {
        Div actions = new Div();
        if (request.state() == RequestState.OPEN) {
            actions.add(
                    ActionButton.inRow(
                            "withdraw-" + request.id(),
                            getTranslation("request.withdraw"),
                            getTranslation("request.withdraw.named", request.policy().name()),
                            () -> withdraw(request)));
        } else if (RequestNotes.isNews(request)) {
            actions.add(
                    ActionButton.inRow(
                            "noted-" + request.id(),
                            getTranslation("request.noted"),
                            getTranslation("request.noted.named", request.policy().name()),
                            () -> {
                                requests.markRead(request.id());
                                reload();
                            }));
        }
        return actions;
    }

    private void withdraw(QuotaRequest request) {
        requests.withdraw(request.id());
        Notices.success(getTranslation("request.withdraw.done", request.policy().name()));
        reload();
    }

    private static final class Slot extends Div {
        private final transient Policy policy;
        private transient Optional<QuotaRequest> asked = Optional.empty();
        private boolean isFilled;

        Slot(Policy policy) {
            this.policy = policy;
        }
    }
}
