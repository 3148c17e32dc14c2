package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.NaturalInput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one part of a {@code multipart/form-data} body (RFC 7578). Forms of several parts are
 * refused: nobody could say which one was meant.
 */
final class FormFile {
    private static final int LONGEST_BOUNDARY = 70;
    private static final int LONGEST_HEAD = 8 * 1024;
    private static final byte[] HEAD_END = ascii("\r\n\r\n");

    private FormFile() {}

    static NaturalInput of(NaturalInput form) {
        byte[] body = form.bytes();
        byte[] opening = ascii("--" + boundary(String.valueOf(form.contentType())) + "\r\n");
        int begin = indexOf(body, opening, 0, Math.min(body.length, LONGEST_HEAD));
        if (begin < 0) {
            throw broken("has no part");
        }
        int head = begin + opening.length;
        int headEnd = indexOf(body, HEAD_END, head, Math.min(body.length, head + LONGEST_HEAD));
        if (headEnd < 0) {
            throw broken("has a part without an end of its headers");
        }
        int content = headEnd + HEAD_END.length;
        byte[] delimiter = ascii("\r\n--" + boundary(String.valueOf(form.contentType())));
        int end = indexOf(body, delimiter, content, body.length);
        if (end < 0) {
            throw broken("breaks off");
        }
        int after = end + delimiter.length;
        if (after + 2 > body.length || body[after] != '-' || body[after + 1] != '-') {
            throw broken("must have one part only, the file");
        }
        String headers = new String(body, head, headEnd - head, StandardCharsets.ISO_8859_1);
        return new NaturalInput(type(headers), ByteBuffer.wrap(body, content, end - content));
    }

    private static String boundary(String contentType) {
        for (String parameter : contentType.split(";")) {
            String text = parameter.strip();
            if (text.regionMatches(true, 0, "boundary=", 0, "boundary=".length())) {
                String boundary = unquoted(text.substring("boundary=".length()));
                if (!boundary.isEmpty() && boundary.length() <= LONGEST_BOUNDARY) {
                    return boundary;
                }
            }
        }
        throw broken("has no boundary in its Content-Type");
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private static @Nullable String type(String headers) {
        for (String line : headers.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals("content-type")) {
                return line.substring(colon + 1).strip();
            }
        }
        return null;
    }

    /** Looks at each byte a bounded number of times, because boundaries are short. */
    private static int indexOf(byte[] body, byte[] wanted, int from, int to) {
        for (int i = from; i <= to - wanted.length; i++) {
            int matched = 0;
            while (matched < wanted.length && body[i + matched] == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static EngineException broken(String what) {
        return EngineException.invalidInput("the form " + what);
    }
}
