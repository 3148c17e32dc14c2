package dev.atrium.portal.design;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.component.notification.Notification.Position;
import com.vaadin.flow.component.notification.NotificationVariant;
import com.vaadin.flow.i18n.I18NProvider;

/** Short messages at the edge of the page. */
public final class Notices {
    private static final int SUCCESS_MILLIS = 4000;

    private Notices() {}

    public static void success(String text) {
        Notification notice = Notification.show(text, SUCCESS_MILLIS, Position.BOTTOM_START);
        notice.addThemeVariants(NotificationVariant.LUMO_SUCCESS);
    }

    /** An error stays until it is closed, so that its request id can be copied. */
    public static void error(String title, String detail, String requestId) {
        Notification notice = new Notification();
        notice.addClassName("error-notice");
        notice.addThemeVariants(NotificationVariant.LUMO_ERROR);
        notice.setAssertive(true);
        notice.setPosition(Position.TOP_CENTER);
        notice.setDuration(0);
        Span head = new Span(title);
        head.addClassName("notice-title");
        Div text = new Div(head, new Paragraph(detail));
        text.addClassName("notice-text");
        if (!requestId.isBlank()) {
            Div request =
                    new Div(
                            new Span(I18NProvider.translate("error.request")),
                            new Mono(requestId),
                            new CopyButton(requestId));
            request.addClassName("notice-request");
            text.add(request);
        }
        Button close = new Button(Icon.CLOSE.create(), click -> notice.close());
        close.addThemeVariants(ButtonVariant.LUMO_TERTIARY_INLINE);
        close.setAriaLabel(I18NProvider.translate("close"));
        Div row = new Div(text, close);
        row.addClassName("notice-row");
        notice.add(row);
        notice.open();
    }
}
