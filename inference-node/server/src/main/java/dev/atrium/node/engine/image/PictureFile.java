package dev.atrium.node.engine.image;

import dev.atrium.node.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * What a picture's own header says, and the file without what no decoder needs to see. A decoder
 * would give memory for the size in the header, and inflate texts and profiles of any length.
 *
 * @param format as {@code javax.imageio} names it
 * @param bytesPerPixel that decoding takes
 * @param inks what a JPEG of four components holds; NONE for all others
 * @param orientation how it has to be turned
 * @param content the file, or what is needed of it
 */
record PictureFile(
        String format,
        int width,
        int height,
        int bytesPerPixel,
        Inks inks,
        Orientation orientation,
        byte[] content) {
    /** The four colours of printers. */
    enum Inks {
        NONE,
        CMYK,
        YCCK
    }

    static final int LONGEST_SIDE = 16_384;

    /** Of decoded pixels: 22 million in colour. */
    static final long MOST_BYTES = 64L << 20;

    private static final long PNG = 0x89504E470D0A1A0AL;
    private static final Set<String> PNG_NEEDED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
    private static final int PNG_GREY_ALPHA = 4;
    private static final int PNG_PALETTE = 3;
    private static final int MOST_SCANS = 64;
    private static final int PROGRESSIVE = 2;
    private static final byte ADOBE_YCCK = 2;

    static PictureFile of(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        PictureFile picture;
        try {
            if (bytes.remaining() > 8 && bytes.getLong(0) == PNG) {
                picture = png(bytes);
            } else if (bytes.remaining() > 4 && bytes.getShort(0) == (short) 0xFFD8) {
                picture = jpeg(bytes);
            } else {
                throw broken("is neither JPEG nor PNG");
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw broken("breaks off");
        }
        picture.requireBounds();
        return picture;
    }

    private void requireBounds() {
        if (width < 1 || height < 1) {
            throw broken("has no pixels");
        }
        long decoded = (long) width * height * bytesPerPixel;
        if (width > LONGEST_SIDE || height > LONGEST_SIDE || decoded > MOST_BYTES) {
            throw EngineException.tooLarge(
                    ImagePreparation.PARAM,
                    "has "
                            + width
                            + " x "
                            + height
                            + " pixels, which is more than is decoded here; make it smaller");
        }
    }

    private static PictureFile png(ByteBuffer file) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.remaining());
        kept.write(file.array(), 0, 8);
        file.position(8);
        PictureFile header = null;
        String type = "";
        while (!type.equals("IEND")) {
            int begin = file.position();
            int length = file.getInt();
            type = pngType(file);
            if (length < 0 || length > file.remaining() - 4) {
                throw broken("breaks off");
            }
            if (header == null) {
                header = pngHeader(type, length, file);
            }
            file.position(begin + 12 + length);
            if (PNG_NEEDED.contains(type)) {
                kept.write(file.array(), begin, 12 + length);
            }
        }
        if (header == null) {
            throw broken("has no header");
        }
        return new PictureFile(
                "png",
                header.width,
                header.height,
                header.bytesPerPixel,
                Inks.NONE,
                Orientation.UPRIGHT,
                kept.toByteArray());
    }

    private static String pngType(ByteBuffer file) {
        StringBuilder type = new StringBuilder(4);
        for (int i = 0; i < 4; i++) {
            type.append((char) (file.get() & 0xFF));
        }
        return type.toString();
    }

    private static PictureFile pngHeader(String type, int length, ByteBuffer file) {
        if (!type.equals("IHDR") || length != 13) {
            throw broken("has no header");
        }
        int at = file.position();
        int depth = file.get(at + 8);
        int color = file.get(at + 9);
        int channels =
                switch (color) {
                    case 0, PNG_PALETTE -> 1;
                    case 2 -> 3;
                    case PNG_GREY_ALPHA -> 2;
                    case 6 -> 4;
                    default -> throw broken("has an unknown kind of colours");
                };
        // A transparent colour makes one more channel.
        int bytes = (color == PNG_PALETTE ? 1 : channels + 1) * (depth > 8 ? 2 : 1);
        return sized("png", file.getInt(at), file.getInt(at + 4), bytes, Inks.NONE);
    }

    private static PictureFile jpeg(ByteBuffer file) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.remaining());
        kept.write(file.array(), 0, 2);
        file.position(2);
        PictureFile frame = null;
        Orientation orientation = Orientation.UPRIGHT;
        boolean isTransformed = false;
        while (true) {
            int begin = file.position();
            if ((file.get() & 0xFF) != 0xFF) {
                throw broken("has a broken part");
            }
            int marker = file.get() & 0xFF;
            if (marker == 0xFF) {
                file.position(begin + 1);
                continue;
            }
            int length = file.getShort() & 0xFFFF;
            int end = begin + 2 + length;
            if (length < 2 || end > file.limit()) {
                throw broken("breaks off");
            }
            if (isFrame(marker)) {
                if (frame != null) {
                    throw broken("has two sizes");
                }
                frame = frame(marker, file);
            }
            if (marker == 0xE1 && orientation.equals(Orientation.UPRIGHT)) {
                orientation = Orientation.of(file.slice(begin + 4, length - 2));
            }
            if (marker == 0xEE && length == 14) {
                isTransformed = file.get(begin + 15) == ADOBE_YCCK;
            }
            if (isNeeded(marker, length)) {
                kept.write(file.array(), begin, end - begin);
            }
            file.position(end);
            if (marker == 0xDA) {
                break;
            }
        }
        if (frame == null) {
            throw broken("has no size");
        }
        requireFewScans(file);
        kept.write(file.array(), file.position(), file.remaining());
        return new PictureFile(
                "jpeg",
                frame.width,
                frame.height,
                frame.bytesPerPixel,
                frame.inks != Inks.NONE && isTransformed ? Inks.YCCK : frame.inks,
                orientation,
                kept.toByteArray());
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xC0
                && marker <= 0xCF
                && marker != 0xC4
                && marker != 0xC8
                && marker != 0xCC;
    }

    /** Of the application's parts only those that say what the colours are, without thumbnails. */
    private static boolean isNeeded(int marker, int length) {
        boolean isApplication = marker >= 0xE0 && marker <= 0xEF;
        boolean saysColors = marker == 0xE0 && length == 16 || marker == 0xEE && length == 14;
        return marker != 0xFE && (!isApplication || saysColors);
    }

    private static PictureFile frame(int marker, ByteBuffer file) {
        int at = file.position();
        int height = file.getShort(at + 1) & 0xFFFF;
        int width = file.getShort(at + 3) & 0xFFFF;
        int components = file.get(at + 5) & 0xFF;
        if (file.get(at) != 8 || components != 1 && components != 3 && components != 4) {
            throw broken("is a JPEG of another kind than 8 bit grey, colour or CMYK; convert it");
        }
        // Of a progressive file the decoder keeps all coefficients, at two bytes each.
        int bytes = (marker & 3) == PROGRESSIVE ? 3 * components : components;
        return sized("jpeg", width, height, bytes, components == 4 ? Inks.CMYK : Inks.NONE);
    }

    private static PictureFile sized(
            String format, int width, int height, int bytesPerPixel, Inks inks) {
        return new PictureFile(
                format, width, height, bytesPerPixel, inks, Orientation.UPRIGHT, new byte[0]);
    }

    /** Each scan of a progressive file goes over all pixels. */
    private static void requireFewScans(ByteBuffer file) {
        int scans = 1;
        for (int i = file.position(); i < file.limit() - 1; i++) {
            if (file.get(i) == (byte) 0xFF && file.get(i + 1) == (byte) 0xDA) {
                scans++;
            }
            if (file.get(i) == (byte) 0xFF && isFrame(file.get(i + 1) & 0xFF)) {
                throw broken("has two sizes");
            }
        }
        if (scans > MOST_SCANS) {
            throw broken("has more than " + MOST_SCANS + " scans; convert it");
        }
    }

    static EngineException broken(String what) {
        return EngineException.invalidPart(ImagePreparation.PARAM, what);
    }
}
