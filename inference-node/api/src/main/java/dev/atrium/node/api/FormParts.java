package dev.atrium.node.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parts of a {@code multipart/form-data} body (RFC 7578), each of which must have an end. */
public final class FormParts {
    private static final int LONGEST_BOUNDARY = 70;
    private static final int LONGEST_HEAD = 8 * 1024;
    private static final int MOST_PARTS = 64;
    private static final int LINE_END = 2;
    private static final byte[] HEAD_END = ascii("\r\n\r\n");
    private static final byte[] END = ascii("--");
    private static final Pattern NAME =
            Pattern.compile("(?i);\\s*name=(?:\"([^\"]*)\"|([^\\s;\"]+))");

    private final byte[] body;
    private final byte[] delimiter;

    private FormParts(byte[] body, String boundary) {
        this.body = body;
        this.delimiter = ascii("\r\n--" + boundary);
    }

    /**
     * @param name empty where it has none
     * @param contentType null where it does not say
     * @param content a view of the body
     */
    public record Part(String name, @Nullable String contentType, ByteBuffer content) {}

    /** Why a body is no form, in words that follow "the form". */
    public static final class BrokenFormException extends RuntimeException {
        private final String problem;

        BrokenFormException(String problem) {
            super(problem, null, false, false);
            this.problem = problem;
        }

        public String problem() {
            return problem;
        }
    }

    /**
     * @param contentType of the form, with its boundary
     * @throws BrokenFormException when the body is none
     */
    public static List<Part> of(String contentType, byte[] body) {
        return new FormParts(body, boundary(contentType)).parts();
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        int at = opening();
        while (!isLast(at)) {
            if (parts.size() == MOST_PARTS) {
                throw new BrokenFormException("has more than " + MOST_PARTS + " parts");
            }
            int headEnd = indexOf(HEAD_END, at, Math.min(body.length, at + LONGEST_HEAD));
            if (headEnd < 0) {
                throw new BrokenFormException("has a part without an end of its headers");
            }
            int content = headEnd + HEAD_END.length;
            int end = indexOf(delimiter, content, body.length);
            if (end < 0) {
                throw new BrokenFormException("breaks off");
            }
            String headers = new String(body, at, headEnd - at, StandardCharsets.UTF_8);
            parts.add(part(headers, ByteBuffer.wrap(body, content, end - content)));
            at = end + delimiter.length;
        }
        return parts;
    }

    /** Behind the first boundary; something that is no part may stand before it. */
    private int opening() {
        if (startsWith(delimiter, LINE_END, 0)) {
            return delimiter.length - LINE_END;
        }
        int line = indexOf(delimiter, 0, Math.min(body.length, LONGEST_HEAD));
        if (line < 0) {
            throw new BrokenFormException("has no part");
        }
        return line + delimiter.length;
    }

    /** Whether the form ends behind this boundary. */
    private boolean isLast(int at) {
        if (startsWith(END, 0, at)) {
            return true;
        }
        if (!startsWith(HEAD_END, LINE_END, at)) {
            throw new BrokenFormException("breaks off");
        }
        return false;
    }

    private static Part part(String headers, ByteBuffer content) {
        String name = "";
        String type = null;
        for (String line : headers.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "content-type" -> type = value;
                case "content-disposition" -> name = name(value);
                default -> {
                    // Other headers say nothing that matters here.
                }
            }
        }
        return new Part(name, type, content);
    }

    private static String name(String disposition) {
        Matcher named = NAME.matcher(disposition);
        if (!named.find()) {
            return "";
        }
        return named.group(1) != null ? named.group(1) : named.group(2);
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
        throw new BrokenFormException("has no boundary in its Content-Type");
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /** Looks at each byte a bounded number of times, because boundaries are short. */
    private int indexOf(byte[] wanted, int from, int to) {
        for (int i = from; i <= to - wanted.length; i++) {
            if (startsWith(wanted, 0, i)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * @param skip bytes of what is wanted that do not count
     */
    private boolean startsWith(byte[] wanted, int skip, int at) {
        if (at + wanted.length - skip > body.length) {
            return false;
        }
        for (int i = skip; i < wanted.length; i++) {
            if (body[at + i - skip] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
