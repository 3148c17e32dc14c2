package dev.atrium.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormPartsTests {
    private static final String TYPE = "multipart/form-data; boundary=\"b\"";
    private static final String NAMED = "Content-Disposition: form-data; name=";

    @Test
    void findsPartsWithNameTypeAndContent() {
        List<FormParts.Part> parts =
                parts(
                        "a preamble\r\n--b\r\n"
                                + NAMED
                                + "\"file\"; filename=\"name=x\"\r\ncontent-TYPE: a/b\r\n\r\n1\r\n2"
                                + "\r\n--b\r\n"
                                + NAMED
                                + "model\r\n\r\n\r\n--b--\r\nan epilogue");

        assertThat(parts).hasSize(2);
        assertThat(parts.getFirst().name()).isEqualTo("file");
        assertThat(parts.getFirst().contentType()).isEqualTo("a/b");
        assertThat(StandardCharsets.UTF_8.decode(parts.getFirst().content()).toString())
                .isEqualTo("1\r\n2");
        assertThat(parts.get(1).name()).isEqualTo("model");
        assertThat(parts.get(1).contentType()).isNull();
        assertThat(parts.get(1).content().remaining()).isZero();
    }

    @Test
    void findsPartsWithoutHeadersAndFormsWithoutParts() {
        assertThat(parts("--b\r\n\r\nx\r\n--b--")).singleElement().matches(p -> p.name().isEmpty());
        assertThat(parts("--b--\r\n")).isEmpty();
    }

    @Test
    void refusesFormsThatAreNotWhole() {
        assertBroken("", "no part");
        assertBroken("--c\r\n\r\nx\r\n--c--", "no part");
        assertBroken("--b\r\n" + NAMED + "x", "end of its headers");
        assertBroken("--b\r\n\r\nx", "breaks off");
        assertBroken("--b\r\n\r\nx\r\n--b", "breaks off");
        assertBroken("--bx\r\n\r\nx\r\n--bx--", "breaks off");
        assertBroken("--b\r\n\r\nx\r\n".repeat(65) + "--b--", "more than 64 parts");
        assertBroken("--b\r\nX: " + "y".repeat(9_000) + "\r\n\r\nx\r\n--b--", "headers");
        assertThatThrownBy(() -> FormParts.of("multipart/form-data", new byte[9]))
                .hasMessageContaining("no boundary");
    }

    private static List<FormParts.Part> parts(String body) {
        return FormParts.of(TYPE, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertBroken(String body, String words) {
        assertThatThrownBy(() -> parts(body))
                .isInstanceOf(FormParts.BrokenFormException.class)
                .hasMessageContaining(words);
    }
}
