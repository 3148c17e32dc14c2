package dev.atrium.portal.design;

import com.vaadin.flow.component.html.Code;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;

/** Text to read and to paste elsewhere, with a copy button. */
public final class CodeBlock extends Div {
    private final Code code = new Code();
    private final CopyButton copy;

    public CodeBlock(String text) {
        addClassName("code-block");
        code.setText(text);
        Pre pre = new Pre();
        pre.add(code);
        // A wide block scrolls; the keyboard must be able to do that too.
        pre.getElement().setAttribute("tabindex", "0");
        copy = new CopyButton(text);
        add(pre, copy);
    }

    public String getText() {
        return code.getText();
    }

    public void setText(String text) {
        code.setText(text);
        copy.setCopied(text);
    }
}
