package dev.atrium.node.engine.image;

/**
 * Rows of samples from 0 to 255, channel by channel of each pixel.
 *
 * @param data not copied
 */
record Pixels(int width, int height, int channels, byte[] data) {

    /** The part in the middle; an odd rest is rounded to the even number, as torchvision does. */
    Pixels centre(int wide, int high) {
        int left = (int) Math.rint((width - wide) / 2.0);
        int top = (int) Math.rint((height - high) / 2.0);
        byte[] part = new byte[wide * high * channels];
        for (int y = 0; y < high; y++) {
            System.arraycopy(
                    data,
                    ((top + y) * width + left) * channels,
                    part,
                    y * wide * channels,
                    wide * channels);
        }
        return new Pixels(wide, high, channels, part);
    }
}
