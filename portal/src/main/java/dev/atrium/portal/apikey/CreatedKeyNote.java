package dev.atrium.portal.apikey;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.gateway.Curl;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.Model;
import org.jspecify.annotations.Nullable;

/** The new key's secret and a call to paste. */
final class CreatedKeyNote extends Div {
    CreatedKeyNote(CreatedApiKey created, @Nullable Model example, String gateway) {
        addClassName("secret-note");
        Paragraph once = new Paragraph(getTranslation("keys.created.once"));
        once.addClassName("notice-once");
        CodeBlock secret = new CodeBlock(created.secret());
        secret.setId("key-secret");
        add(once, secret, new H3(getTranslation("keys.created.try")));
        CodeBlock call = new CodeBlock(Curl.example(gateway, created.secret(), example));
        call.setId("key-curl");
        add(call);
    }
}
