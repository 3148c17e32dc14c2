package dev.atrium.node.engine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a camera was held, as the EXIF part of a JPEG says: where a picture's lines lie in the file.
 * What cannot be read says nothing.
 *
 * @param number 1 to 8, as EXIF counts
 */
record Orientation(int number) {
    static final Orientation UPRIGHT = new Orientation(1);

    private static final long EXIF = 0x457869660000L;
    private static final int TIFF_AT = 6;
    private static final int MAGIC = 42;
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY_BYTES = 12;

    /**
     * @param part the content of an APP1 segment
     */
    static Orientation of(ByteBuffer part) {
        if (part.remaining() < TIFF_AT + 8 || part.getLong(part.position()) >>> 16 != EXIF) {
            return UPRIGHT;
        }
        ByteBuffer tiff = part.slice(part.position() + TIFF_AT, part.remaining() - TIFF_AT);
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (tiff.getShort(2) != MAGIC) {
            return UPRIGHT;
        }
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        return directory + 2 > tiff.limit() ? UPRIGHT : in(tiff, (int) directory);
    }

    private static Orientation in(ByteBuffer tiff, int directory) {
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries; i++) {
            int at = directory + 2 + i * ENTRY_BYTES;
            if (at + ENTRY_BYTES > tiff.limit()) {
                return UPRIGHT;
            }
            if (tiff.getShort(at) == TAG) {
                int number = tiff.getShort(at + 8) & 0xFFFF;
                boolean isKnown = tiff.getShort(at + 2) == SHORT && number >= 1 && number <= 8;
                return isKnown ? new Orientation(number) : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    /** Whether the picture's rows are the file's columns. */
    boolean liesOnItsSide() {
        return number > 4;
    }

    /** Which of the file's rows, or columns, is the picture's row. */
    int line(int y, int lines) {
        return number == 1 || number == 2 || number == 5 || number == 6 ? y : lines - 1 - y;
    }

    /** Where in that line of the file a pixel of the picture's row is. */
    int place(int x, int pixels) {
        return number == 1 || number == 4 || number == 5 || number == 8 ? x : pixels - 1 - x;
    }
}
