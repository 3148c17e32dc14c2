package dev.atrium.portal.upload;

import com.vaadin.flow.component.DetachEvent;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.progressbar.ProgressBar;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.server.VaadinSession;
import com.vaadin.flow.server.streams.UploadEvent;
import com.vaadin.flow.server.streams.UploadHandler;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.registry.RegistryException;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.registry.RegistryUnreachableException;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the files, passes them on while the browser sends them, and ends with what the inspection
 * found.
 */
final class UploadDialog extends FormDialog {
    private static final Logger log = LoggerFactory.getLogger(UploadDialog.class);
    private static final int MOST_FILES = 12;

    private final transient RegistryModels models;
    private final Consumer<Optional<ModelName>> whenDone;
    private final UploadForm form;
    private final Upload upload = new Upload();
    private final Div messages = new Div();
    private int chosenFiles;
    private @Nullable ModelName uploaded;
    private transient volatile @Nullable Transfer transfer;

    /**
     * Prepares the dialog.
     *
     * @param own models of the tenant that a new version may be for
     * @param whenDone told when the dialog closes, with the model that was uploaded to
     */
    UploadDialog(
            RegistryModels models,
            String tenant,
            List<Model> own,
            boolean mayDeploy,
            Consumer<Optional<ModelName>> whenDone) {
        super("upload-dialog", UploadTexts.of("upload.title"), UploadTexts.of("upload.start"));
        this.models = models;
        this.whenDone = whenDone;
        this.form = new UploadForm(tenant, own, mayDeploy);
        configureUpload();
        Paragraph formats = new Paragraph(getTranslation("upload.formats"));
        formats.addClassName("hint");
        messages.addClassName("messages");
        messages.getElement().setAttribute("aria-live", "polite");
        Div content = new Div(form, upload, formats, messages);
        content.addClassName("upload-content");
        add(content);
        addOpenedChangeListener(change -> {
            if (!change.isOpened()) {
                whenDone.accept(Optional.ofNullable(uploaded));
            }
        });
    }

    void fixTo(ModelName model) {
        setHeaderTitle(getTranslation("upload.title.version", model.toString()));
        form.fixTo(model);
    }

    @Override
    protected void trySubmit() {
        messages.removeAll();
        if (chosenFiles == 0) {
            say("notice-bad", getTranslation("upload.nofile"), "");
            return;
        }
        form.read().ifPresent(this::begin);
    }

    private void begin(UploadTarget target) {
        transfer = Transfer.begin(models, target, chosenFiles, form.isDeployWanted());
        uploaded = target.name();
        form.lock();
        submitButton().setVisible(false);
        upload.getElement().setAttribute("nodrop", true);
        upload.addClassName("running");
        upload.getElement().executeJs("this.uploadFiles()");
    }

    private void configureUpload() {
        upload.setId("upload-files");
        upload.setAutoUpload(false);
        upload.setMaxFiles(MOST_FILES);
        upload.setI18n(UploadTexts.component());
        upload.setUploadHandler(new Receiver());
        upload.getElement()
                .addEventListener(
                        "files-changed",
                        event ->
                                filesChosen(
                                        event.getEventData().path("element.files.length").asInt(),
                                        event.getEventData().path(NAMES).asString("")))
                .addEventData("element.files.length")
                .addEventData(NAMES);
    }

    static final String NAMES = "element.files.map(file => file.name).join('/')";

    private void filesChosen(int count, String names) {
        if (transfer == null) {
            chosenFiles = count;
            for (String name : names.split("/")) {
                form.suggest(name);
            }
        }
    }

    @Override
    protected void onDetach(DetachEvent event) {
        super.onDetach(event);
        Transfer running = transfer;
        if (running != null) {
            running.cancel();
        }
    }

    private void inspecting() {
        ProgressBar bar = new ProgressBar();
        bar.setIndeterminate(true);
        messages.removeAll();
        messages.add(new Span(getTranslation("upload.inspecting")), bar);
    }

    private void show(Inspection inspection) {
        transfer = null;
        removeAll();
        switch (inspection) {
            case Inspection.Accepted accepted -> {
                becomeResult(getTranslation("upload.accepted.title"));
                add(new AcceptedNote(accepted.version(), form.isDeployWanted()));
            }
            case Inspection.Rejected rejected -> {
                becomeResult(getTranslation("upload.rejected.title"));
                messages.removeAll();
                say("notice-bad", rejected.reason(), rejected.requestId());
                messages.add(new Paragraph(getTranslation("upload.rejected.text")));
                add(messages);
            }
        }
    }

    private void failed(String text, String requestId) {
        Transfer broken = transfer;
        if (broken == null) {
            return;
        }
        transfer = null;
        broken.cancel();
        messages.removeAll();
        say("notice-bad", text, requestId);
        becomeResult(getTranslation("upload.failed.title"));
        Button again = new Button(getTranslation("upload.again"), click -> again(broken.model()));
        again.setId("upload-again");
        getFooter().add(again);
    }

    private void again(ModelName model) {
        UploadDialog next = new UploadDialog(models, model.tenant(), List.of(), true, whenDone);
        next.fixTo(model);
        next.open();
        close();
    }

    private void say(String kind, String text, String requestId) {
        Div box = new Div(new Span(text));
        box.addClassNames("notice-box", kind);
        if (!requestId.isBlank()) {
            Div request = new Div(new Span(getTranslation("error.request")), new Mono(requestId));
            request.addClassName("notice-request");
            box.add(request);
        }
        messages.add(box);
    }

    /** Runs on the thread of the browser's upload request, without the session's lock. */
    private final class Receiver implements UploadHandler {
        @Override
        public void handleUploadRequest(UploadEvent event) throws IOException {
            Transfer current = transfer;
            if (current == null || current.isCancelled()) {
                event.reject(getTranslationIn(event.getUI(), "upload.cancelled"));
                return;
            }
            VaadinSession.setCurrent(event.getSession());
            UI ui = event.getUI();
            try {
                boolean isLast =
                        current.pass(
                                event.getFileName(), event.getInputStream(), event.getFileSize());
                if (isLast) {
                    ui.access(UploadDialog.this::inspecting);
                    Inspection found = current.complete();
                    ui.access(() -> show(found));
                }
            } catch (RegistryException e) {
                log.info("Upload refused: {}", e.getMessage());
                String why =
                        e.detail() == null
                                ? getTranslationIn(ui, "error.refused.text")
                                : e.detail();
                event.reject(why);
                ui.access(() -> failed(why, e.requestId()));
            } catch (RegistryUnreachableException e) {
                String why = getTranslationIn(ui, "upload.broken");
                event.reject(why);
                if (!current.isCancelled()) {
                    log.warn("Upload broke off, request {}", e.requestId(), e.getCause());
                    ui.access(() -> failed(why, e.requestId()));
                }
            }
        }

        private String getTranslationIn(UI ui, String key) {
            return com.vaadin.flow.i18n.I18NProvider.translate(ui.getLocale(), key);
        }
    }
}
