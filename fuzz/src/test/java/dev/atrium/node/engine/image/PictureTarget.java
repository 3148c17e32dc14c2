package dev.atrium.node.engine.image;

import dev.atrium.fuzz.Target;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Pictures as callers send them. */
public final class PictureTarget implements Target {
    private static final int[] KINDS = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_BYTE_INDEXED
    };

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (int kind : KINDS) {
            BufferedImage image = new BufferedImage(9, 7, kind);
            image.setRGB(3, 2, 0xFF80_40FF);
            seeds.add(file(image, "png"));
        }
        seeds.add(file(new BufferedImage(17, 9, BufferedImage.TYPE_INT_RGB), "jpeg"));
        seeds.add(file(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "jpeg"));
        return seeds;
    }

    private static byte[] file(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new IOException("no " + format);
        }
        return out.toByteArray();
    }

    @Override
    public void read(byte[] input) {
        try {
            if (decoded(PictureFile.of(input)) > 1 << 20) {
                // Allowed, and slow.
                return;
            }
            Decoder.decode(
                    input,
                    3,
                    new Cancellation(),
                    (width, height, rows) -> {
                        byte[] row = new byte[3 * width];
                        for (int y = 0; y < height; y++) {
                            rows.read(y, row);
                        }
                        return row;
                    });
        } catch (EngineException refused) {
            // The answer to a broken picture.
        }
    }

    private static long decoded(PictureFile picture) {
        return (long) picture.width() * picture.height() * picture.bytesPerPixel();
    }
}
