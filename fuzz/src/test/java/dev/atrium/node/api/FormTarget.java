package dev.atrium.node.api;

import dev.atrium.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Forms as callers send them: the content type in the first line, the body behind it. */
public final class FormTarget implements Target {
    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "multipart/form-data; boundary=b\n"
                                + "before\r\n--b\r\nContent-Disposition: form-data; name=\"file\";"
                                + " filename=\"x\"\r\nContent-Type: audio/wav\r\n\r\n1\r\n2\r\n--b\r\n"
                                + "Content-Disposition: form-data; name=model\r\n\r\nm\r\n--b--\r\n",
                        "multipart/form-data; charset=utf-8; boundary=\"b c\"\n--b c\r\n\r\nx\r\n--b c--")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public void read(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int line = text.indexOf('\n');
        String type = text.substring(0, Math.max(0, line));
        byte[] body = text.substring(line + 1).getBytes(StandardCharsets.ISO_8859_1);
        try {
            FormParts.of(type, body);
        } catch (FormParts.BrokenFormException refused) {
            // The caller gets 400.
        }
    }
}
