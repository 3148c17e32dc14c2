package dev.atrium.portal.apikey;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.address.Addresses;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.Confirmation;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.ListPage;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.identity.Scope;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.time.Instant;

@Route(ApiKeysNavigation.PATH)
@Menu(title = "nav.keys", order = 30, icon = "key")
@RolesAllowed(Permissions.KEYS_MANAGE)
class ApiKeysView extends Div implements ListPage {
    private final transient RegistryApiKeys keys;
    private final transient RegistryModels models;
    private final transient CurrentUser currentUser;
    private final transient Addresses addresses;
    private final transient Clock clock;
    private final DataTable<ApiKey> table;

    ApiKeysView(
            RegistryApiKeys keys,
            RegistryModels models,
            CurrentUser currentUser,
            Addresses addresses,
            Clock clock) {
        this.keys = keys;
        this.models = models;
        this.currentUser = currentUser;
        this.addresses = addresses;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        add(header().actions(createButton("create-key")), TitledPage.card(table));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        reload();
        if (event.getLocation()
                .getQueryParameters()
                .getSingleParameter(ApiKeysNavigation.CREATE)
                .isPresent()) {
            openCreateDialog();
        }
    }

    @Override
    public String texts() {
        return "keys";
    }

    private Button createButton(String id) {
        return ActionButton.primary(
                id, Icon.ADD, getTranslation("keys.create"), this::openCreateDialog);
    }

    private DataTable<ApiKey> createTable() {
        return new DataTable<ApiKey>("api-keys", getTranslation("keys.title"))
                .name(getTranslation("keys.name"), this::createName)
                .column(getTranslation("keys.status"), this::createStatus)
                .column(getTranslation("keys.scopes"), ApiKeysView::createScopes)
                .column(getTranslation("keys.models"), this::createModels)
                .column(getTranslation("keys.label"), ApiKeysView::createLabel)
                .number(
                        getTranslation("keys.rpm"),
                        key -> Amounts.count(key.requestsPerMinute(), getLocale()))
                .column(
                        getTranslation("keys.used"),
                        key ->
                                key.lastUsedAt() == null
                                        ? new Span(getTranslation("keys.never"))
                                        : Moments.ago(key.lastUsedAt(), clock.instant()))
                .column(
                        getTranslation("keys.created"),
                        key -> Moments.ago(key.createdAt(), clock.instant()))
                .actions(this::createActions)
                .rowId(key -> "key-" + key.id())
                .whenEmpty(
                        new EmptyState(
                                Icon.KEY,
                                getTranslation("keys.empty.title"),
                                getTranslation("keys.empty.text"),
                                createButton("create-first-key")));
    }

    private Component createName(ApiKey key) {
        return new RowName(key.name(), new Mono(key.hint()));
    }

    private Component createStatus(ApiKey key) {
        Instant now = clock.instant();
        if (key.revokedAt() != null) {
            return new Badge(Tone.QUIET, getTranslation("keys.revoked"));
        }
        if (key.expiresAt() == null) {
            return new Badge(Tone.GOOD, getTranslation("keys.active"));
        }
        if (!key.expiresAt().isAfter(now)) {
            return new Badge(Tone.BAD, getTranslation("keys.expired"));
        }
        Badge badge = new Badge(Tone.GOOD, getTranslation("keys.active"));
        Span until = new Span(Moments.until(key.expiresAt(), now));
        until.addClassName("quiet");
        Div cell = new Div(badge, until);
        cell.addClassName("stack");
        return cell;
    }

    private static Component createScopes(ApiKey key) {
        Div scopes = new Div();
        scopes.addClassName("chips");
        key.scopes().forEach(scope -> scopes.add(new Mono(scope)));
        return scopes;
    }

    private static Component createLabel(ApiKey key) {
        return key.label() == null ? new Span("—") : new Mono(key.label());
    }

    private Component createModels(ApiKey key) {
        if (key.allowedModels().isEmpty()) {
            return new Span(getTranslation("keys.models.all"));
        }
        Div names = new Div();
        names.addClassName("chips");
        key.allowedModels().forEach(model -> names.add(new Mono(model)));
        return names;
    }

    private Component createActions(ApiKey key) {
        if (key.revokedAt() != null) {
            return new Span();
        }
        ActionButton revoke =
                ActionButton.inRow(
                                "revoke-" + key.id(),
                                getTranslation("keys.revoke"),
                                getTranslation("keys.revoke.named", key.name()),
                                () -> confirmRevoke(key))
                        .dangerous();
        return currentUser.may(Scope.QUOTA_ADMIN) ? new Div(createRelabel(key), revoke) : revoke;
    }

    private Button createRelabel(ApiKey key) {
        return ActionButton.inRow(
                "label-" + key.id(),
                getTranslation("keys.label.change"),
                getTranslation("keys.label.named", key.name()),
                () -> new LabelDialog(keys, key, this::reload).open());
    }

    private void confirmRevoke(ApiKey key) {
        Confirmation.ask(
                "revoke-key",
                getTranslation("keys.revoke.title", key.name()),
                getTranslation("keys.revoke.text"),
                getTranslation("keys.revoke"),
                () -> {
                    keys.revoke(key.id());
                    Notices.success(getTranslation("keys.revoke.done", key.name()));
                    reload();
                });
    }

    private void openCreateDialog() {
        CreateApiKeyDialog dialog =
                new CreateApiKeyDialog(keys, models, currentUser.get(), addresses, clock);
        dialog.addOpenedChangeListener(change -> {
            if (!change.isOpened()) {
                afterCreate();
            }
        });
        dialog.open();
    }

    private void afterCreate() {
        reload();
        UI.getCurrent()
                .getPage()
                .getHistory()
                .replaceState(
                        null,
                        new com.vaadin.flow.router.Location(
                                ApiKeysNavigation.PATH, QueryParameters.empty()));
    }

    @Override
    public void reload() {
        table.load(keys::list);
    }
}
