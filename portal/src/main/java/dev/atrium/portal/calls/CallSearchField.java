package dev.atrium.portal.calls;

import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.design.Icon;
import java.util.Optional;
import java.util.UUID;

/** Goes to a call by the id that its answer carried, as people paste it. */
final class CallSearchField extends Div {
    private static final int LONGEST = 100;

    private final TextField id = new TextField();

    CallSearchField() {
        addClassName("filter");
        id.setId("call-search");
        id.setPlaceholder(getTranslation("calls.search"));
        id.setAriaLabel(getTranslation("calls.search"));
        id.setMaxLength(LONGEST);
        id.setPrefixComponent(Icon.SEARCH.create());
        id.setClearButtonVisible(true);
        id.addKeyDownListener(Key.ENTER, pressed -> go());
        id.addValueChangeListener(change -> id.setInvalid(false));
        Button go = new Button(getTranslation("calls.search.go"), click -> go());
        go.setId("call-search-go");
        add(id, go);
    }

    private void go() {
        parsed(id.getValue())
                .ifPresentOrElse(
                        CallsNavigation::toCall,
                        () -> {
                            id.setErrorMessage(getTranslation("calls.search.wrong"));
                            id.setInvalid(true);
                        });
    }

    /** An id with what often comes along when it is copied. */
    static Optional<UUID> parsed(String text) {
        String bare = text.strip().replaceFirst("(?i)^x-request-id:\\s*", "").replace("\"", "");
        try {
            UUID id = UUID.fromString(bare);
            return id.toString().equalsIgnoreCase(bare) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
