package dev.atrium.node.engine.image;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.predict.ModelInput;
import dev.atrium.node.engine.predict.Preparation;
import dev.atrium.registry.api.catalog.ImageSettings;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.usage.Media;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Makes one FP32 tensor of a picture. */
public final class ImagePreparation implements Preparation {
    static final String PARAM = "image";
    private static final int DEFAULT_SIDE = 224;
    private static final double DEFAULT_SCALE = 1.0 / 255;
    private static final Media ONE_PICTURE = new Media(1, 0);

    private final ModelInput input;
    private final Resampler resampler;
    private final int width;
    private final int height;
    private final @Nullable Integer shorterSide;
    private final int channels;
    private final boolean isBgr;
    private final boolean channelsFirst;
    private final float[][] values;

    public ImagePreparation(Signature signature, @Nullable ImageSettings given) {
        ImageSettings settings = given == null ? ImageSettings.DEFAULT : given;
        ModelInput model = ModelInput.of(signature);
        this.channelsFirst = !"nhwc".equals(settings.layout());
        this.isBgr = "bgr".equals(settings.color());
        this.channels = "grey".equals(settings.color()) ? 1 : 3;
        int rows = channelsFirst ? 2 : 1;
        this.height = orElse(settings.height(), model.dimension(rows, DEFAULT_SIDE));
        this.width = orElse(settings.width(), model.dimension(rows + 1, DEFAULT_SIDE));
        this.shorterSide = settings.shorterSide();
        if (shorterSide != null && shorterSide < Math.max(width, height)) {
            throw EngineException.failed(
                    "'settings.image.shorterSide' is less than the "
                            + width
                            + " x "
                            + height
                            + " pixels to cut out",
                    null);
        }
        this.input = model.requireShape(shape());
        this.resampler =
                new Resampler(
                        "bicubic".equals(settings.interpolation())
                                ? Resampler.Filter.BICUBIC
                                : Resampler.Filter.BILINEAR);
        this.values = values(settings);
    }

    private static int orElse(@Nullable Integer set, int otherwise) {
        return set == null ? otherwise : set;
    }

    /** What each sample becomes, by channel of the model. */
    private float[][] values(ImageSettings settings) {
        double scale = settings.scale() == null ? DEFAULT_SCALE : settings.scale();
        float[][] table = new float[channels][256];
        for (int channel = 0; channel < channels; channel++) {
            double mean = number(settings.mean(), channel, 0);
            double std = number(settings.std(), channel, 1);
            for (int sample = 0; sample < 256; sample++) {
                table[channel][sample] = (float) ((sample * scale - mean) / std);
            }
        }
        return table;
    }

    private static double number(@Nullable List<Double> numbers, int index, double otherwise) {
        return numbers == null || index >= numbers.size() ? otherwise : numbers.get(index);
    }

    private long[] shape() {
        return channelsFirst
                ? new long[] {1, channels, height, width}
                : new long[] {1, height, width, channels};
    }

    @Override
    public Prepared prepare(NaturalInput picture, Cancellation cancellation) {
        Pixels pixels = Decoder.decode(picture.bytes(), channels, cancellation, this::resized);
        return new Prepared(input.tensor(normalised(pixels), shape()), 1, 0, ONE_PICTURE);
    }

    private Pixels resized(int wide, int high, Decoder.Rows rows) {
        if (shorterSide == null) {
            return resampler.resize(wide, high, channels, rows, width, height);
        }
        int newWidth = wide <= high ? shorterSide : (int) ((long) shorterSide * wide / high);
        int newHeight = wide <= high ? (int) ((long) shorterSide * high / wide) : shorterSide;
        return resampler
                .resize(wide, high, channels, rows, newWidth, newHeight)
                .centre(width, height);
    }

    private float[] normalised(Pixels pixels) {
        float[] result = new float[width * height * channels];
        int area = width * height;
        for (int i = 0; i < area; i++) {
            for (int channel = 0; channel < channels; channel++) {
                int source = isBgr ? 2 - channel : channel;
                int sample = pixels.data()[i * channels + source] & 0xFF;
                int target = channelsFirst ? channel * area + i : i * channels + channel;
                result[target] = values[channel][sample];
            }
        }
        return result;
    }

    /** A black picture. */
    @Override
    public NaturalInput sample() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(
                    new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), "png", file);
        } catch (IOException e) {
            throw EngineException.failed("a sample picture cannot be made", e);
        }
        return new NaturalInput("image/png", ByteBuffer.wrap(file.toByteArray()));
    }
}
