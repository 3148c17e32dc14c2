package dev.atrium.portal.catalog;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryDeployments;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.security.Permissions;
import dev.atrium.portal.upload.Uploads;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.identity.Scope;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Route(CatalogNavigation.PATH)
@Menu(title = "nav.models", order = 10, icon = "model")
@RolesAllowed(Permissions.MODELS_READ)
class ModelsView extends Div implements BeforeEnterObserver, TitledPage {
    private static final int TYPING_PAUSE_MILLIS = 300;

    private final transient RegistryModels models;
    private final transient RegistryDeployments deployments;
    private final transient GatewayClient gateway;
    private final transient CurrentUser currentUser;
    private final transient Uploads uploads;
    private final transient Clock clock;
    private final TextField search = new TextField();
    private final Select<Task> task = new Select<>();
    private final Div card = new Div();

    ModelsView(
            RegistryModels models,
            RegistryDeployments deployments,
            GatewayClient gateway,
            CurrentUser currentUser,
            Uploads uploads,
            Clock clock) {
        this.models = models;
        this.deployments = deployments;
        this.gateway = gateway;
        this.currentUser = currentUser;
        this.uploads = uploads;
        this.clock = clock;
        addClassName("page");
        card.addClassNames("panel", "flush");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        QueryParameters query = event.getLocation().getQueryParameters();
        String text = query.getSingleParameter(CatalogNavigation.TEXT).orElse("");
        Task wanted =
                query.getSingleParameter(CatalogNavigation.TASK)
                        .flatMap(ModelsView::task)
                        .orElse(null);
        if (getComponentCount() == 0) {
            add(createHeader(), createFilter(text, wanted), card);
        }
        reload(text, wanted);
        if (query.getSingleParameter(CatalogNavigation.UPLOAD).isPresent() && mayUpload()) {
            openUpload();
        }
    }

    @Override
    public String texts() {
        return "models";
    }

    private PageHeader createHeader() {
        return mayUpload() ? header().actions(createUpload("upload-model")) : header();
    }

    private Button createUpload(String id) {
        return ActionButton.primary(
                id, Icon.UPLOAD, getTranslation("models.upload"), this::openUpload);
    }

    private Div createFilter(String text, @Nullable Task wanted) {
        search.setId("model-search");
        search.setPlaceholder(getTranslation("models.search"));
        search.setAriaLabel(getTranslation("models.search"));
        search.setPrefixComponent(Icon.SEARCH.create());
        search.setClearButtonVisible(true);
        search.setValueChangeMode(ValueChangeMode.LAZY);
        search.setValueChangeTimeout(TYPING_PAUSE_MILLIS);
        search.setValue(text);
        search.addValueChangeListener(change -> applyFilter());
        task.setId("model-task");
        task.setItems(Task.values());
        task.setEmptySelectionAllowed(true);
        task.setEmptySelectionCaption(getTranslation("models.tasks.all"));
        task.setPlaceholder(getTranslation("models.tasks.all"));
        task.setItemLabelGenerator(each ->
                each == null ? getTranslation("models.tasks.all") : ModelTags.taskText(each));
        task.setAriaLabel(getTranslation("models.task"));
        task.setValue(wanted);
        task.addValueChangeListener(change -> applyFilter());
        Div filter = new Div(search, task);
        filter.addClassName("filter");
        return filter;
    }

    private void applyFilter() {
        CatalogNavigation.toModels(search.getValue(), task.getValue());
    }

    private void reload(String text, @Nullable Task wanted) {
        ModelStates states = ModelStates.load(deployments, gateway);
        DataTable<Model> table = createTable(states);
        boolean isFiltered = !text.isBlank() || wanted != null;
        table.whenEmpty(isFiltered ? createNoMatch() : createEmpty());
        table.load(cursor -> models.list(text, wanted, cursor));
        card.removeAll();
        card.add(table);
    }

    private DataTable<Model> createTable(ModelStates states) {
        return new DataTable<Model>("models", getTranslation("models.title"))
                .name(getTranslation("models.name"), this::createName)
                .column(getTranslation("models.task"), model -> ModelTags.task(model.task()))
                .column(getTranslation("models.visibility"), ModelTags::visibility)
                .column(getTranslation("models.state"), model -> states.of(model).badge())
                .number(
                        getTranslation("models.versions"),
                        model -> Amounts.count(model.versions(), getLocale()))
                .number(getTranslation("models.production"), ModelsView::production)
                .column(
                        getTranslation("models.updated"),
                        model -> Moments.ago(model.updatedAt(), clock.instant()))
                .rowId(model -> "model-" + model.name().tenant() + "-" + model.name().name());
    }

    private static String production(Model model) {
        Integer number = model.aliases().get(Model.PRODUCTION);
        return number == null ? "—" : "v" + number;
    }

    private Component createName(Model model) {
        Div cell = new Div(CatalogNavigation.link(model.name()));
        cell.addClassName("stack");
        if (model.description() != null && !model.description().isBlank()) {
            Span line =
                    new Span(model.description().lines().findFirst().orElse("").replace("**", ""));
            line.addClassNames("quiet", "one-line");
            cell.add(line);
        }
        return cell;
    }

    private EmptyState createEmpty() {
        return mayUpload()
                ? new EmptyState(
                        Icon.MODEL,
                        getTranslation("models.empty.title"),
                        getTranslation("models.empty.text"),
                        createUpload("upload-first-model"))
                : new EmptyState(
                        Icon.MODEL,
                        getTranslation("models.empty.title"),
                        getTranslation("models.empty.viewer"));
    }

    private EmptyState createNoMatch() {
        Button clear =
                new Button(
                        getTranslation("models.nomatch.clear"),
                        click -> {
                            search.clear();
                            task.clear();
                        });
        return new EmptyState(
                Icon.SEARCH,
                getTranslation("models.nomatch.title"),
                getTranslation("models.nomatch.text"),
                clear);
    }

    private boolean mayUpload() {
        return currentUser.may(Scope.MODELS_WRITE);
    }

    private void openUpload() {
        uploads.openForNewModel(this::afterUpload);
    }

    private void afterUpload(Optional<ModelName> uploaded) {
        uploaded.ifPresentOrElse(CatalogNavigation::toModel, CatalogNavigation::toModels);
    }

    private static Optional<Task> task(String name) {
        return Arrays.stream(Task.values()).filter(each -> each.name().equals(name)).findFirst();
    }
}
