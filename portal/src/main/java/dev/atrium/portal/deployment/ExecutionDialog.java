package dev.atrium.portal.deployment;

import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.registry.api.deployment.Execution;
import java.util.function.Consumer;

/** Asks how a deployment is to be computed. */
final class ExecutionDialog extends FormDialog {
    private final ExecutionForm form;
    private final transient Consumer<Execution> save;

    /**
     * @param batches false where calls never share batches
     * @param save throws what the registry refuses
     */
    ExecutionDialog(Execution before, boolean batches, Consumer<Execution> save) {
        super(
                "execution-dialog",
                I18NProvider.translate("execution.title"),
                I18NProvider.translate("save"));
        this.form = new ExecutionForm(before, batches);
        this.save = save;
        add(form);
    }

    @Override
    protected void trySubmit() {
        if (form.isWrong()) {
            return;
        }
        save.accept(form.execution());
        Notices.success(getTranslation("execution.done"));
        close();
    }
}
