package dev.atrium.portal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallSearchFieldTests {
    private static final String ID = "0199a2c4-7d1e-7b32-9f10-5a6b7c8d9e0f";

    @ParameterizedTest
    @ValueSource(
            strings = {
                ID,
                "  " + ID + " ",
                "0199A2C4-7D1E-7B32-9F10-5A6B7C8D9E0F",
                "x-request-id: " + ID,
                "X-Request-Id:" + ID,
                "\"" + ID + "\""
            })
    void takesAnIdWithWhatIsCopiedAlong(String text) {
        assertThat(CallSearchField.parsed(text)).contains(UUID.fromString(ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "acme/words", "1-1-1-1-1", ID + "0", "<script>"})
    void takesNothingElse(String text) {
        assertThat(CallSearchField.parsed(text)).isEmpty();
    }
}
