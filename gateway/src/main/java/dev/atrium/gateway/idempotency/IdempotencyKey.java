package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import java.util.List;

/**
 * A caller's name for a call: a structured field's string in quotes, as
 * draft-ietf-httpapi-idempotency-key-header has it, or the same without quotes, as most clients
 * send it.
 */
record IdempotencyKey(String value) {
    static final String HEADER = "Idempotency-Key";
    private static final int LONGEST = 255;

    /**
     * @param values of the header, one as it should be
     */
    static IdempotencyKey of(List<String> values) {
        if (values.size() != 1) {
            throw invalid("must be sent once");
        }
        String text = values.getFirst().strip();
        String key = text.startsWith("\"") ? unquoted(text) : text;
        if (key.isEmpty() || key.length() > LONGEST) {
            throw invalid("must have 1 to " + LONGEST + " characters");
        }
        if (!key.chars().allMatch(IdempotencyKey::isPrintable)) {
            throw invalid("must be printable ASCII");
        }
        return new IdempotencyKey(key);
    }

    private static String unquoted(String text) {
        StringBuilder key = new StringBuilder();
        int last = text.length() - 1;
        for (int i = 1; i < last; i++) {
            char next = text.charAt(i);
            if (next == '\\') {
                i++;
                next = text.charAt(i);
                if (i == last || (next != '"' && next != '\\')) {
                    throw badQuotes();
                }
            } else if (next == '"') {
                throw badQuotes();
            }
            key.append(next);
        }
        if (last == 0 || text.charAt(last) != '"') {
            throw badQuotes();
        }
        return key.toString();
    }

    private static boolean isPrintable(int character) {
        return character >= 0x20 && character <= 0x7E;
    }

    private static RefusedException badQuotes() {
        return invalid("begins with a quote and must end with one, with nothing behind it");
    }

    /** Says nothing of the key itself. */
    private static RefusedException invalid(String problem) {
        return Refusal.of(
                        Refusal.Reason.IDEMPOTENCY_KEY_INVALID,
                        "the header " + HEADER + " " + problem)
                .asException();
    }

    /** Keys are nobody's business but the caller's. */
    @Override
    public String toString() {
        return HEADER;
    }
}
