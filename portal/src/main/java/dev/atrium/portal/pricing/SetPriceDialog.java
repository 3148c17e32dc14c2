package dev.atrium.portal.pricing;

import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryPrices;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.CreatePriceEntry;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.UnitPrices;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for a price: what it is for, from when on, and how much a million costs. */
final class SetPriceDialog extends FormDialog {
    private final transient RegistryPrices prices;
    private final transient PriceList list;
    private final Runnable whenDone;
    private final TextField model = new TextField();
    private final IntegerField version = new IntegerField();
    private final DateTimePicker from = new DateTimePicker();
    private final TextField requests = new TextField();
    private final TextField input = new TextField();
    private final TextField output = new TextField();
    private final TextField compute = new TextField();
    private final TextField images = new TextField();
    private final TextField audio = new TextField();
    private final FreeField freeRequests = new FreeField("requests", requests);
    private final FreeField freeInput = new FreeField("input", input);
    private final FreeField freeOutput = new FreeField("output", output);
    private final FreeField freeCompute = new FreeField("compute", compute);
    private final FreeField freeImages = new FreeField("images", images);
    private final FreeField freeAudio = new FreeField("audio", audio);

    SetPriceDialog(RegistryPrices prices, PriceList list, Runnable whenDone) {
        super(
                "set-price-dialog",
                I18NProvider.translate("prices.set"),
                I18NProvider.translate("prices.set"));
        this.prices = prices;
        this.list = list;
        this.whenDone = whenDone;
        model.setId("price-model");
        model.addClassName("mono-input");
        model.setLabel(getTranslation("prices.model"));
        model.setHelperText(getTranslation("prices.model.help"));
        model.setErrorMessage(getTranslation("prices.model.rule"));
        version.setId("price-version");
        version.setLabel(getTranslation("prices.version"));
        version.setHelperText(getTranslation("prices.version.help"));
        version.setErrorMessage(getTranslation("prices.version.rule"));
        version.setMin(1);
        from.setId("price-from");
        from.setLabel(getTranslation("prices.from"));
        from.setHelperText(getTranslation("prices.from.help"));
        prepare(requests, "price-requests", "prices.requests");
        prepare(input, "price-input", "prices.input");
        prepare(output, "price-output", "prices.output");
        prepare(compute, "price-compute", "prices.compute");
        prepare(images, "price-images", "prices.images");
        prepare(audio, "price-audio", "prices.audio");
        audio.setHelperText(getTranslation("prices.audio.help"));
        FormLayout form =
                new FormLayout(
                        model,
                        version,
                        requests,
                        freeRequests,
                        input,
                        freeInput,
                        output,
                        freeOutput,
                        compute,
                        freeCompute,
                        images,
                        freeImages,
                        audio,
                        freeAudio,
                        from);
        form.setResponsiveSteps(
                new FormLayout.ResponsiveStep("0", 1), new FormLayout.ResponsiveStep("22em", 2));
        form.setColspan(from, 2);
        add(form);
        model.focus();
    }

    private void prepare(TextField field, String id, String text) {
        field.setId(id);
        field.setLabel(getTranslation(text));
        field.setErrorMessage(getTranslation("prices.amount.rule"));
        field.setSuffixComponent(new Span(list.currency()));
        field.getElement().setAttribute("inputmode", "decimal");
    }

    @Override
    protected void trySubmit() {
        if (!check()) {
            return;
        }
        prices.set(
                list.id(),
                new CreatePriceEntry(
                        model.isEmpty() ? null : ModelName.of(model.getValue().strip()),
                        version.getValue(),
                        from(),
                        new UnitPrices(
                                micros(requests),
                                micros(input),
                                micros(output),
                                micros(compute),
                                micros(images),
                                micros(audio),
                                free())));
        Notices.success(getTranslation("prices.set.done"));
        close();
        whenDone.run();
    }

    private boolean check() {
        model.setInvalid(!model.isEmpty() && !isName(model.getValue().strip()));
        version.setInvalid(
                version.getValue() != null && (version.getValue() < 1 || model.isEmpty()));
        List<TextField> amounts = List.of(requests, input, output, compute, images, audio);
        for (TextField each : amounts) {
            each.setInvalid(!each.isEmpty() && PriceText.parse(each.getValue()).isEmpty());
        }
        boolean none = amounts.stream().allMatch(TextField::isEmpty);
        if (none) {
            requests.setInvalid(true);
        }
        List<FreeField> free =
                List.of(freeRequests, freeInput, freeOutput, freeCompute, freeImages, freeAudio);
        free.forEach(FreeField::check);
        return !model.isInvalid()
                && free.stream().noneMatch(FreeField::isInvalid)
                && !version.isInvalid()
                && amounts.stream().noneMatch(TextField::isInvalid);
    }

    private static boolean isName(String text) {
        int slash = text.indexOf('/');
        return slash > 0
                && ModelName.isValidPart(text.substring(0, slash))
                && ModelName.isValidPart(text.substring(slash + 1));
    }

    private @Nullable Instant from() {
        LocalDateTime wanted = from.getValue();
        return wanted == null ? null : wanted.atZone(Moments.zone()).toInstant();
    }

    private @Nullable FreeUnits free() {
        FreeUnits free =
                new FreeUnits(
                        freeRequests.units(),
                        freeInput.units(),
                        freeOutput.units(),
                        freeCompute.units(),
                        freeImages.units(),
                        freeAudio.units());
        return free.equals(FreeUnits.NONE) ? null : free;
    }

    private static @Nullable Long micros(TextField field) {
        return PriceText.parse(field.getValue()).orElse(null);
    }
}
