package dev.atrium.portal.catalog;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.markdown.Markdown;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarVariant;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouterLink;
import dev.atrium.portal.address.Addresses;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.design.Confirmation;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.gateway.Curl;
import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.portal.playground.PlaygroundNavigation;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryDeployments;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.security.Permissions;
import dev.atrium.portal.upload.Uploads;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.identity.Scope;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.util.Optional;

@Route("models/:tenant/:name")
@RolesAllowed(Permissions.MODELS_READ)
class ModelView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private final transient RegistryModels models;
    private final transient RegistryDeployments deployments;
    private final transient GatewayClient gateway;
    private final transient CurrentUser currentUser;
    private final transient Uploads uploads;
    private final transient Addresses addresses;
    private final transient Clock clock;
    private String title = "";

    ModelView(
            RegistryModels models,
            RegistryDeployments deployments,
            GatewayClient gateway,
            CurrentUser currentUser,
            Uploads uploads,
            Addresses addresses,
            Clock clock) {
        this.models = models;
        this.deployments = deployments;
        this.gateway = gateway;
        this.currentUser = currentUser;
        this.uploads = uploads;
        this.addresses = addresses;
        this.clock = clock;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        String tenant = event.getRouteParameters().get(CatalogNavigation.TENANT).orElse("");
        String name = event.getRouteParameters().get(CatalogNavigation.NAME).orElse("");
        if (!ModelName.isValidPart(tenant) || !ModelName.isValidPart(name)) {
            event.rerouteToError(com.vaadin.flow.router.NotFoundException.class);
            return;
        }
        Optional<Integer> version =
                event.getLocation()
                        .getQueryParameters()
                        .getSingleParameter(CatalogNavigation.VERSION)
                        .filter(text -> text.matches("\\d{1,9}"))
                        .map(Integer::valueOf);
        show(models.get(new ModelName(tenant, name)), version);
    }

    @Override
    public String getPageTitle() {
        return TitledPage.named(title);
    }

    private void show(Model model, Optional<Integer> wanted) {
        title = model.name().toString();
        ModelStates states = ModelStates.load(deployments, gateway);
        removeAll();
        add(createHeader(model, states), createAbout(model));
        VersionList versions =
                new VersionList(models, model, states.versionsOf(model), wanted, clock);
        Panel list = new Panel(getTranslation("versions.title"), versions);
        add(list.flush());
        if (versions.getAll().isEmpty()) {
            list.setContent(createNoVersions(model));
            return;
        }
        versions.getSelected().ifPresent(version -> add(createVersion(model, version)));
    }

    private PageHeader createHeader(Model model, ModelStates states) {
        RouterLink back = new RouterLink(ModelsView.class);
        back.add(Icon.BACK.create(), new Span(getTranslation("models.title")));
        back.addClassName("back-link");
        PageHeader header =
                new PageHeader(model.name().toString(), "")
                        .above(back)
                        .below(
                                ModelTags.task(model.task()),
                                ModelTags.visibility(model),
                                states.of(model).badge());
        if (currentUser.may(Scope.INFERENCE_INVOKE)) {
            Button play = new Button(getTranslation("model.try"), Icon.PLAY.create());
            play.setId("try-model");
            play.addClickListener(click -> PlaygroundNavigation.toModel(model.name()));
            header.actions(play);
        }
        if (model.own() && currentUser.may(Scope.MODELS_WRITE)) {
            header.actions(createUpload(model, "upload-version"), createMore(model));
        }
        return header;
    }

    private Button createUpload(Model model, String id) {
        Button upload = new Button(getTranslation("model.upload"), Icon.UPLOAD.create());
        upload.setId(id);
        upload.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        upload.addClickListener(
                click -> uploads.openForVersion(model.name(), done -> reload(model.name())));
        return upload;
    }

    private MenuBar createMore(Model model) {
        MenuBar bar = new MenuBar();
        bar.setId("model-more");
        bar.addThemeVariants(MenuBarVariant.LUMO_TERTIARY);
        var root = bar.addItem("⋯");
        root.setAriaLabel(getTranslation("model.more"));
        root.getSubMenu()
                .addItem(getTranslation("model.edit"), click -> openEdit(model))
                .setId("edit-model");
        root.getSubMenu()
                .addItem(getTranslation("model.delete"), click -> confirmDelete(model))
                .setId("delete-model");
        return bar;
    }

    private Div createAbout(Model model) {
        String text = model.description();
        Component description =
                text == null || text.isBlank() ? createNoDescription(model) : new Markdown(text);
        description.setId("model-description");
        CodeBlock call = new CodeBlock(Curl.example(addresses.gateway(), Curl.KEY_VARIABLE, model));
        call.setId("model-curl");
        Div columns =
                new Div(
                        new Panel(getTranslation("model.about"), description),
                        new Panel(getTranslation("model.call"), call));
        columns.addClassName("columns");
        return columns;
    }

    private Component createNoDescription(Model model) {
        Paragraph none =
                new Paragraph(
                        getTranslation(
                                model.own() ? "model.about.none" : "model.about.none.foreign"));
        none.addClassName("hint");
        return none;
    }

    private EmptyState createNoVersions(Model model) {
        return model.own() && currentUser.may(Scope.MODELS_WRITE)
                ? new EmptyState(
                        Icon.UPLOAD,
                        getTranslation("versions.empty.title"),
                        getTranslation("versions.empty.text"),
                        createUpload(model, "upload-first-version"))
                : new EmptyState(
                        Icon.MODEL,
                        getTranslation("versions.empty.title"),
                        getTranslation("versions.empty.viewer"));
    }

    private VersionPanel createVersion(Model model, ModelVersion version) {
        boolean mayDeploy = model.own() && currentUser.may(Scope.MODELS_DEPLOY);
        return new VersionPanel(
                models,
                deployments,
                clock,
                model,
                version,
                mayDeploy,
                () -> show(models.get(model.name()), Optional.of(version.number())));
    }

    private void openEdit(Model model) {
        boolean mayPublish = currentUser.get().platformAdmin();
        new EditModelDialog(models, model, mayPublish, () -> reload(model.name())).open();
    }

    private void confirmDelete(Model model) {
        Confirmation.ask(
                "confirm-delete-model",
                getTranslation("model.delete.title", model.name().toString()),
                getTranslation("model.delete.text"),
                getTranslation("model.delete"),
                () -> {
                    models.delete(model.name());
                    Notices.success(getTranslation("model.delete.done", model.name().toString()));
                    CatalogNavigation.toModels();
                });
    }

    private void reload(ModelName name) {
        show(models.get(name), Optional.empty());
    }
}
