package dev.atrium.node.engine.image;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.predict.DecodingTurn;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes pictures one at a time. Samples are taken as they stand in the file, without profiles and
 * upright and without what is transparent, as Pillow's {@code convert("RGB")} and {@code
 * convert("L")} do.
 */
final class Decoder {
    static {
        ImageIO.setUseCache(false);
    }

    private Decoder() {}

    /** Gets one row of a picture as samples of red, green and blue, or of grey. */
    interface Rows {
        void read(int y, byte[] row);
    }

    /** What to do with a decoded picture, as long as it is in memory. */
    interface Use<T> {
        T of(int width, int height, Rows rows);
    }

    /**
     * @param channels 3 or, for grey, 1
     */
    static <T> T decode(byte[] file, int channels, Cancellation cancellation, Use<T> use) {
        PictureFile picture = PictureFile.of(file);
        try (var _ = DecodingTurn.await(cancellation)) {
            Samples samples = read(picture, cancellation);
            samples.requireSize(picture);
            return use.of(
                    samples.width(), samples.height(), (y, row) -> samples.read(y, channels, row));
        }
    }

    private static Samples read(PictureFile picture, Cancellation cancellation) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(picture.format()).next();
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(picture.content()))) {
            reader.setInput(in, true, true);
            cancellation.arm(reader::abort);
            Samples samples =
                    picture.inks() == PictureFile.Inks.NONE
                            ? new Samples(reader.read(0), picture)
                            : new Samples(reader.readRaster(0, null), null, picture);
            cancellation.throwIfCancelled();
            return samples;
        } catch (EngineException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The decoder throws all sorts of exceptions on broken files.
            throw PictureFile.broken(
                    "cannot be decoded as " + picture.format().toUpperCase(Locale.ROOT));
        } finally {
            cancellation.disarm();
            reader.dispose();
        }
    }

    private static final class Samples {
        private final Raster raster;
        private final @Nullable ColorModel colors;
        private final Orientation orientation;
        private final PictureFile.Inks inks;
        private final int bands;
        private final int shift;
        private final int[] line;

        Samples(BufferedImage image, PictureFile picture) {
            this(image.getRaster(), image.getColorModel(), picture);
        }

        /**
         * @param colors null where the samples are inks
         */
        Samples(Raster raster, @Nullable ColorModel colors, PictureFile picture) {
            this.raster = raster;
            this.colors = colors;
            orientation = picture.orientation();
            inks = picture.inks();
            bands = raster.getNumBands();
            shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
            line = new int[width() * bands];
        }

        void requireSize(PictureFile picture) {
            boolean isIt =
                    raster.getWidth() == picture.width()
                            && raster.getHeight() == picture.height()
                            && (inks == PictureFile.Inks.NONE || bands == 4);
            if (!isIt) {
                throw PictureFile.broken("is not as large as it says");
            }
        }

        int width() {
            return orientation.liesOnItsSide() ? raster.getHeight() : raster.getWidth();
        }

        int height() {
            return orientation.liesOnItsSide() ? raster.getWidth() : raster.getHeight();
        }

        void read(int y, int channels, byte[] row) {
            int width = width();
            int from = orientation.line(y, height());
            if (orientation.liesOnItsSide()) {
                raster.getPixels(from, 0, 1, width, line);
            } else {
                raster.getPixels(0, from, width, 1, line);
            }
            if (inks != PictureFile.Inks.NONE) {
                InkMixing.toColors(line, width, inks == PictureFile.Inks.YCCK);
            }
            for (int x = 0; x < width; x++) {
                int rgb = rgb(orientation.place(x, width) * bands);
                if (channels == 1) {
                    row[x] = (byte) grey(rgb);
                } else {
                    row[3 * x] = (byte) (rgb >> 16);
                    row[3 * x + 1] = (byte) (rgb >> 8);
                    row[3 * x + 2] = (byte) rgb;
                }
            }
        }

        private int rgb(int at) {
            if (colors instanceof IndexColorModel palette) {
                return palette.getRGB(line[at]) & 0xFFFFFF;
            }
            int first = line[at] >> shift;
            return bands < 3
                    ? first * 0x010101
                    : first << 16 | line[at + 1] >> shift << 8 | line[at + 2] >> shift;
        }

        /** ITU-R 601-2, in the fixed-point numbers of Pillow. */
        private static int grey(int rgb) {
            int red = rgb >> 16 & 0xFF;
            int green = rgb >> 8 & 0xFF;
            int blue = rgb & 0xFF;
            return red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000 >> 16;
        }
    }
}
