package dev.atrium.registry.api.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a picture becomes the model's input; every member may be null for its default.
 *
 * @param width of the input; default as the model's signature says, else 224
 * @param height likewise
 * @param shorterSide the picture is scaled until its shorter side has so many pixels, and its
 *     centre is cut out; without it, it is stretched to width and height
 * @param interpolation {@code bilinear} (default) or {@code bicubic}, both with antialiasing
 * @param color {@code rgb} (default), {@code bgr} or {@code grey}
 * @param scale what each value from 0 to 255 is multiplied by; default 1/255
 * @param mean what is taken from each channel after that; one number for each; default 0
 * @param std what each channel is divided by after that; default 1
 * @param layout {@code nchw} (default) or {@code nhwc}
 */
public record ImageSettings(
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable Integer shorterSide,
        @Nullable String interpolation,
        @Nullable String color,
        @Nullable Double scale,
        @Nullable List<Double> mean,
        @Nullable List<Double> std,
        @Nullable String layout) {
    public static final ImageSettings DEFAULT =
            new ImageSettings(null, null, null, null, null, null, null, null, null);
}
