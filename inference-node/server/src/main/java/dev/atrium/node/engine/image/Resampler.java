package dev.atrium.node.engine.image;

import dev.atrium.node.engine.EngineException;
import java.util.function.DoubleUnaryOperator;

/**
 * Resizes with antialiasing: each sample of the result is a weighted sum of those that lie under
 * the filter, which is stretched by the factor of the reduction; first along rows, then along
 * columns, with samples rounded to 8 bit in between and weights of 22 bits after the point.
 *
 * <p>This is what Pillow's {@code Image.resize} computes, and through it torchvision and the image
 * processors of most published models, so that scores are those of the training to the last bit.
 *
 * @see "Keys, Cubic convolution interpolation for digital image processing, 1981, with a = -0.5"
 */
final class Resampler {
    private static final int PRECISION = 22;
    private static final long MOST_BYTES = 64L << 20;

    /** The weight of a sample by its distance. */
    enum Filter {
        BILINEAR(1, x -> x < 1 ? 1 - x : 0),
        BICUBIC(
                2,
                x ->
                        x < 1
                                ? (1.5 * x - 2.5) * x * x + 1
                                : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0);

        private final double support;
        private final DoubleUnaryOperator weight;

        Filter(double support, DoubleUnaryOperator weight) {
            this.support = support;
            this.weight = weight;
        }
    }

    private final Filter filter;

    Resampler(Filter filter) {
        this.filter = filter;
    }

    Pixels resize(
            int width, int height, int channels, Decoder.Rows rows, int newWidth, int newHeight) {
        if ((long) height * newWidth * channels > MOST_BYTES
                || (long) newHeight * newWidth * channels > MOST_BYTES) {
            throw EngineException.tooLarge(
                    ImagePreparation.PARAM, "is too long and narrow to be resized");
        }
        Pixels narrow = horizontally(width, height, channels, rows, newWidth);
        return height == newHeight ? narrow : vertically(narrow, newHeight);
    }

    private Pixels horizontally(
            int width, int height, int channels, Decoder.Rows rows, int newWidth) {
        byte[] result = new byte[newWidth * height * channels];
        byte[] row = new byte[width * channels];
        Weights weights = weights(width, newWidth);
        for (int y = 0; y < height; y++) {
            rows.read(y, row);
            int target = y * newWidth * channels;
            if (width == newWidth) {
                System.arraycopy(row, 0, result, target, row.length);
                continue;
            }
            for (int x = 0; x < newWidth; x++) {
                for (int channel = 0; channel < channels; channel++) {
                    result[target++] = weights.sum(x, row, channel, channels);
                }
            }
        }
        return new Pixels(newWidth, height, channels, result);
    }

    private Pixels vertically(Pixels pixels, int newHeight) {
        int stride = pixels.width() * pixels.channels();
        byte[] result = new byte[newHeight * stride];
        Weights weights = weights(pixels.height(), newHeight);
        for (int y = 0; y < newHeight; y++) {
            for (int i = 0; i < stride; i++) {
                result[y * stride + i] = weights.sum(y, pixels.data(), i, stride);
            }
        }
        return new Pixels(pixels.width(), newHeight, pixels.channels(), result);
    }

    private Weights weights(int length, int newLength) {
        double scale = (double) length / newLength;
        double stretch = Math.max(1, scale);
        double support = filter.support * stretch;
        int[] from = new int[newLength];
        int[][] fixed = new int[newLength][];
        for (int i = 0; i < newLength; i++) {
            double centre = (i + 0.5) * scale;
            from[i] = Math.max(0, (int) (centre - support + 0.5));
            int to = Math.min(length, (int) (centre + support + 0.5));
            fixed[i] = weights(from[i], to, centre, 1 / stretch);
        }
        return new Weights(from, fixed);
    }

    private int[] weights(int from, int to, double centre, double shrink) {
        double[] weights = new double[to - from];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = filter.weight.applyAsDouble(Math.abs((i + from - centre + 0.5) * shrink));
            sum += weights[i];
        }
        int[] fixed = new int[weights.length];
        for (int i = 0; i < fixed.length; i++) {
            double exact = (sum == 0 ? weights[i] : weights[i] / sum) * (1 << PRECISION);
            fixed[i] = (int) (exact < 0 ? exact - 0.5 : exact + 0.5);
        }
        return fixed;
    }

    /**
     * @param from the first sample under the filter, for each of the result
     */
    private record Weights(int[] from, int[][] fixed) {
        byte sum(int index, byte[] samples, int offset, int stride) {
            int[] weights = fixed[index];
            int at = from[index] * stride + offset;
            int sum = 1 << PRECISION - 1;
            for (int weight : weights) {
                sum += (samples[at] & 0xFF) * weight;
                at += stride;
            }
            return (byte) Math.clamp(sum >> PRECISION, 0, 255);
        }
    }
}
