package dev.atrium.portal.design;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.i18n.I18NProvider;

/**
 * Copies a text to the clipboard inside the click itself, because browsers allow it only there; by
 * the old way where the page has no secure address.
 */
public final class CopyButton extends Button {
    private static final String SCRIPT =
            """
            const button = this;
            button.copyText = $0;
            if (button.copyBound) return;
            button.copyBound = true;
            const old = text => {
              const area = document.createElement('textarea');
              area.value = text;
              area.style.position = 'fixed';
              area.style.opacity = '0';
              (button.closest('vaadin-dialog, vaadin-dialog-overlay') || document.body).append(area);
              area.select();
              document.execCommand('copy');
              area.remove();
            };
            button.addEventListener('click', async () => {
              try {
                await navigator.clipboard.writeText(button.copyText);
              } catch (e) {
                old(button.copyText);
              }
              button.classList.add('copied');
              button.setAttribute('aria-label', $2);
              setTimeout(() => {
                button.classList.remove('copied');
                button.setAttribute('aria-label', $1);
              }, 1600);
            });
            """;

    private String text;

    public CopyButton(String text) {
        this.text = text;
        setIcon(Icon.COPY.create());
        addThemeVariants(ButtonVariant.LUMO_TERTIARY, ButtonVariant.LUMO_SMALL);
        addClassName("copy-button");
        String label = I18NProvider.translate("copy");
        setAriaLabel(label);
        setTooltipText(label);
    }

    public void setCopied(String newText) {
        text = newText;
        getElement().executeJs("this.copyText = $0", newText);
    }

    @Override
    protected void onAttach(AttachEvent event) {
        super.onAttach(event);
        getElement()
                .executeJs(
                        SCRIPT,
                        text,
                        I18NProvider.translate("copy"),
                        I18NProvider.translate("copy.done"));
    }
}
