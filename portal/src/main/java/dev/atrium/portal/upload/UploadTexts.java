package dev.atrium.portal.upload;

import com.vaadin.flow.component.upload.UploadI18N;
import com.vaadin.flow.i18n.I18NProvider;
import java.util.List;

/** The texts of the upload component in the reader's language. */
final class UploadTexts {
    private static final int KILO = 1000;

    private UploadTexts() {}

    static String of(String key) {
        return I18NProvider.translate(key);
    }

    static UploadI18N component() {
        UploadI18N texts = new UploadI18N();
        texts.setDropFiles(
                new UploadI18N.DropFiles().setOne(of("upload.drop")).setMany(of("upload.drop")));
        texts.setAddFiles(
                new UploadI18N.AddFiles().setOne(of("upload.choose")).setMany(of("upload.choose")));
        texts.setError(
                new UploadI18N.Error()
                        .setTooManyFiles(of("upload.toomany"))
                        .setFileIsTooBig(of("upload.toobig"))
                        .setIncorrectFileType(of("upload.wrongtype")));
        texts.setUploading(
                new UploadI18N.Uploading()
                        .setStatus(
                                new UploadI18N.Uploading.Status()
                                        .setConnecting(of("upload.connecting"))
                                        .setStalled(of("upload.stalled"))
                                        .setProcessing(of("upload.processing"))
                                        .setHeld(of("upload.held")))
                        .setRemainingTime(
                                new UploadI18N.Uploading.RemainingTime()
                                        .setPrefix(of("upload.remaining"))
                                        .setUnknown(of("upload.remaining.unknown")))
                        .setError(
                                new UploadI18N.Uploading.Error()
                                        .setServerUnavailable(of("upload.broken"))
                                        .setUnexpectedServerError(of("upload.broken"))
                                        .setForbidden(of("upload.broken"))));
        texts.setUnits(List.of("B", "KB", "MB", "GB", "TB"), KILO);
        return texts;
    }
}
