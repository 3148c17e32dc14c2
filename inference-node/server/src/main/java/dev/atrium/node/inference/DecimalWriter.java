package dev.atrium.node.inference;

import tools.jackson.core.JsonGenerator;

/**
 * Writes fractions as the shortest decimals that mean the same, without an object for each: an
 * answer may have millions of them.
 *
 * <p>JSON has no word for numbers that are none: they are written as strings.
 */
final class DecimalWriter {
    /** Of a double: a sign, 17 digits, a point, and an exponent of up to five characters. */
    private static final int MOST_CHARACTERS = 26;

    private final JsonGenerator json;
    private final StringBuilder text = new StringBuilder(MOST_CHARACTERS);
    private final char[] characters = new char[MOST_CHARACTERS];

    DecimalWriter(JsonGenerator json) {
        this.json = json;
    }

    void write(float value) {
        if (Float.isFinite(value)) {
            text.setLength(0);
            writeText(text.append(value).length());
        } else {
            json.writeString(Float.toString(value));
        }
    }

    void write(double value) {
        if (Double.isFinite(value)) {
            text.setLength(0);
            writeText(text.append(value).length());
        } else {
            json.writeString(Double.toString(value));
        }
    }

    private void writeText(int length) {
        text.getChars(0, length, characters, 0);
        json.writeNumber(characters, 0, length);
    }
}
