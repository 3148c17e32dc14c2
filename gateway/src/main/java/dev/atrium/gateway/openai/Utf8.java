package dev.atrium.gateway.openai;

/** Lengths in UTF-8, without encoding. */
final class Utf8 {
    private Utf8() {}

    /** Bytes of a text; a lone surrogate, which nobody can encode, counts as two. */
    static int encodedLength(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit >= 0x800) {
                // Half of a pair takes two of the pair's four bytes: one more for each half.
                length += Character.isSurrogate(unit) ? 1 : 2;
            } else if (unit >= 0x80) {
                length++;
            }
        }
        return length;
    }
}
