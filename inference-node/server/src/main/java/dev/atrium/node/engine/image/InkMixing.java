package dev.atrium.node.engine.image;

/**
 * The colours of a JPEG of four components, as Pillow makes them: inks as Adobe's programs store
 * them, which is how little of each there is, and as luminance and chrominance where the file says
 * so.
 */
final class InkMixing {
    private static final int MOST = 255;
    private static final int HALF = 128;

    private InkMixing() {}

    /**
     * @param line samples of a line of the file
     * @return the same as red, green and blue at the first three of each four
     */
    static void toColors(int[] line, int pixels, boolean isYcck) {
        for (int i = 0; i < pixels; i++) {
            int at = 4 * i;
            if (isYcck) {
                toInks(line, at);
            }
            int light = line[at + 3];
            for (int ink = at; ink < at + 3; ink++) {
                line[ink] = light - part(MOST - line[ink], light);
            }
        }
    }

    private static void toInks(int[] line, int at) {
        int y = line[at];
        int cb = line[at + 1] - HALF;
        int cr = line[at + 2] - HALF;
        line[at] = MOST - clip(y + (int) Math.round(1.402 * cr));
        line[at + 1] = MOST - clip(y + (int) Math.round(-0.344136286 * cb - 0.714136286 * cr));
        line[at + 2] = MOST - clip(y + (int) Math.round(1.772 * cb));
    }

    private static int clip(int value) {
        return Math.clamp(value, 0, MOST);
    }

    /** {@code a * b / 255}, rounded. */
    private static int part(int a, int b) {
        int product = a * b + HALF;
        return (product >> 8) + product >> 8;
    }
}
