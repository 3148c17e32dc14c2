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

/**
 * Decodes pictures one at a time. Samples are taken as they stand in the file, without profiles and
 * without what is transparent, as Pillow's {@code convert("RGB")} and {@code convert("L")} do.
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
            BufferedImage image = read(picture, cancellation);
            if (image.getWidth() != picture.width() || image.getHeight() != picture.height()) {
                throw PictureFile.broken("is not as large as it says");
            }
            Samples samples = new Samples(image);
            return use.of(
                    picture.width(), picture.height(), (y, row) -> samples.read(y, channels, row));
        }
    }

    private static BufferedImage read(PictureFile picture, Cancellation cancellation) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(picture.format()).next();
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(picture.content()))) {
            reader.setInput(in, true, true);
            cancellation.arm(reader::abort);
            BufferedImage image = reader.read(0);
            cancellation.throwIfCancelled();
            return image;
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
        private final ColorModel colors;
        private final int bands;
        private final int shift;
        private final int[] line;

        Samples(BufferedImage image) {
            raster = image.getRaster();
            colors = image.getColorModel();
            bands = raster.getNumBands();
            shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
            line = new int[raster.getWidth() * bands];
        }

        void read(int y, int channels, byte[] row) {
            raster.getPixels(0, y, raster.getWidth(), 1, line);
            for (int x = 0; x < raster.getWidth(); x++) {
                int rgb = rgb(x * bands);
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
