package dev.atrium.portal.quota;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Confirmation;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.TenantQuotas;
import dev.atrium.portal.shell.Refresh;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import java.time.Clock;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The limits of one tenant, what was said about them lately, and what can be done to them. */
final class QuotaBoard extends Div {
    private static final int TYPING_PAUSE_MILLIS = 300;

    private final transient TenantQuotas quotas;
    private final transient Supplier<SubjectChoices> choices;
    private final transient PolicyWords words;
    private final Rights rights;
    private final TextField filter = new TextField();
    private final PolicyList list;
    private final Paragraph legend = new Paragraph();
    private final EventList events;
    private final @Nullable MyRequests mine;

    /**
     * The board of a tenant.
     *
     * @param mine what the reader has asked for; null where nobody asks
     * @param choices read when a limit is to be made
     * @param zone the tenant's
     */
    QuotaBoard(
            TenantQuotas quotas,
            @Nullable MyRequests mine,
            Supplier<SubjectChoices> choices,
            PolicyWords words,
            Rights rights,
            String zone,
            Clock clock) {
        this.quotas = quotas;
        this.mine = mine;
        this.choices = choices;
        this.words = words;
        this.rights = rights;
        addClassName("quota-board");
        list =
                new PolicyList(
                        "quota-policies",
                        status ->
                                new PolicyCard(words, zone, clock)
                                        .with(createActions(status.policy())));
        events = new EventList(quotas, words, clock);
        legend.setText(getTranslation("quota.legend"));
        legend.addClassName("hint");
        add(createFilter(), list, legend);
        if (mine != null) {
            add(mine);
        }
        add(events, new Refresh(this::reload));
    }

    /** The button that makes a limit. */
    ActionButton createButton(String id) {
        return ActionButton.primary(id, Icon.ADD, getTranslation("quota.create"), this::openCreate);
    }

    void reload() {
        if (mine != null) {
            mine.reload();
        }
        list.load(this::page, createEmpty());
        filter.setVisible(!list.shown().isEmpty() || !filter.isEmpty());
        legend.setVisible(!list.shown().isEmpty());
        events.reload(list.shown());
    }

    private Div createFilter() {
        filter.setId("quota-filter");
        filter.setPlaceholder(getTranslation("quota.filter"));
        filter.setAriaLabel(getTranslation("quota.filter"));
        filter.setPrefixComponent(Icon.SEARCH.create());
        filter.setClearButtonVisible(true);
        filter.setValueChangeMode(ValueChangeMode.LAZY);
        filter.setValueChangeTimeout(TYPING_PAUSE_MILLIS);
        filter.addValueChangeListener(change -> {
            list.forget();
            reload();
        });
        Div row = new Div(filter);
        row.addClassName("filter");
        return row;
    }

    /** What matches may stand on any page, so with a filter all of them are read. */
    private Page<PolicyStatus> page(@Nullable String cursor) {
        String wanted = filter.getValue().strip().toLowerCase(Locale.ROOT);
        if (wanted.isEmpty()) {
            return quotas.status(cursor);
        }
        return new Page<>(
                quotas.allStatus().stream().filter(each -> says(each, wanted)).toList(), null);
    }

    private boolean says(PolicyStatus status, String wanted) {
        Policy policy = status.policy();
        String all =
                String.join(
                        " ",
                        policy.name(),
                        words.amount(policy, null),
                        words.subject(policy.subject()),
                        Texts.ofPage().constant("quota.mode", policy.mode()));
        return all.toLowerCase(Locale.ROOT).contains(wanted);
    }

    private EmptyState createEmpty() {
        if (!filter.isEmpty()) {
            return new EmptyState(
                    Icon.SEARCH,
                    getTranslation("quota.nomatch.title"),
                    getTranslation("quota.nomatch.text"));
        }
        return rights.mayCreate()
                ? new EmptyState(
                        Icon.QUOTA,
                        getTranslation("quota.empty.title"),
                        getTranslation("quota.empty.text"),
                        createButton("create-first-policy"))
                : new EmptyState(
                        Icon.QUOTA,
                        getTranslation("quota.empty.title"),
                        getTranslation("quota.empty.reader"));
    }

    private Component createActions(Policy policy) {
        if (!rights.mayChange(policy)) {
            return createAsking(policy);
        }
        Div actions =
                new Div(
                        ActionButton.inRow(
                                "edit-" + policy.id(),
                                getTranslation("quota.edit"),
                                getTranslation("quota.edit.named", policy.name()),
                                () -> openEdit(policy)),
                        ActionButton.inRow(
                                        "remove-" + policy.id(),
                                        getTranslation("quota.remove"),
                                        getTranslation("quota.remove.named", policy.name()),
                                        () -> confirmRemove(policy))
                                .dangerous());
        actions.addClassName("actions");
        return actions;
    }

    private Component createAsking(Policy policy) {
        Div asking = new Div();
        asking.addClassName("quota-asking");
        if (rights.isBound(policy)) {
            Span reason = new Span(getTranslation("quota.bound"));
            reason.addClassName("quiet");
            asking.add(reason);
        }
        if (mine != null && rights.mayAsk(policy)) {
            asking.add(mine.createSlot(policy));
        }
        return asking;
    }

    private void openCreate() {
        new CreatePolicyDialog(quotas, choices.get(), words, this::reload).open();
    }

    private void openEdit(Policy policy) {
        list.shown().stream()
                .filter(status -> status.policy().id().equals(policy.id()))
                .findFirst()
                .ifPresent(
                        status -> new EditPolicyDialog(quotas, status, words, this::reload).open());
    }

    private void confirmRemove(Policy policy) {
        Confirmation.ask(
                "confirm-remove-policy",
                getTranslation("quota.remove.title", policy.name()),
                getTranslation("quota.remove.text"),
                getTranslation("quota.remove"),
                () -> {
                    quotas.delete(policy.id());
                    Notices.success(getTranslation("quota.remove.done", policy.name()));
                    reload();
                });
    }
}
