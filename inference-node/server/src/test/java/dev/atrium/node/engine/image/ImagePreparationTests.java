package dev.atrium.node.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.testing.TestModels;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Samples as Pillow makes them, and files that mean harm. */
class ImagePreparationTests {
    private static final int SIDE = 8;
    private static final JsonNode PICTURES =
            JsonMapper.builder().build().readTree(TestModels.read("pictures-expected.json"));
    private static final JsonNode EXPECTED =
            JsonMapper.builder().build().readTree(TestModels.read("tasks-expected.json"));

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgba.png", "palette.png", "grey.png"})
    void resizesToTheBitAsPillowDoes(String name) {
        JsonNode expected = EXPECTED.get("images").get(name);

        assertThat(resized(name, Resampler.Filter.BILINEAR))
                .containsExactly(samples(expected.get("bilinear")));
        assertThat(resized(name, Resampler.Filter.BICUBIC))
                .containsExactly(samples(expected.get("bicubic")));
    }

    /** Decoders of JPEG differ in the last bit. */
    @ParameterizedTest
    @ValueSource(strings = {"photo.jpg", "progressive.jpg"})
    void decodesJpegAsPillowDoes(String name) {
        int[] expected = samples(EXPECTED.get("images").get(name).get("bilinear"));

        int[] actual = resized(name, Resampler.Filter.BILINEAR);

        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isBetween(expected[i] - 2, expected[i] + 2);
        }
    }

    /** Decoders of JPEG differ in the last bit, and those of inks in what they multiply it by. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "turned-1.jpg",
                "turned-2.jpg",
                "turned-3.jpg",
                "turned-4.jpg",
                "turned-5.jpg",
                "turned-6.jpg",
                "turned-7.jpg",
                "turned-8.jpg",
                "cmyk.jpg",
                "ycck.jpg"
            })
    void turnsPhotosAndMixesInksAsPillowDoes(String name) {
        int[] expected = samples(PICTURES.get(name));

        int[] actual = resized(name, Resampler.Filter.BILINEAR);

        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("sample %d", i).isBetween(expected[i] - 3, expected[i] + 3);
        }
    }

    @Test
    void eachOrientationIsAnother() {
        assertThat(java.util.stream.IntStream.rangeClosed(1, 8))
                .extracting(
                        each -> Arrays.hashCode(samples(PICTURES.get("turned-" + each + ".jpg"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void anOrientationThatCannotBeReadIsNone() {
        byte[] photo = file("turned-6.jpg");
        int exif = new String(photo, StandardCharsets.ISO_8859_1).indexOf("Exif");
        int[] upright = samples(decode(file("turned-1.jpg")));
        for (int at = exif + 6; at < exif + 32; at++) {
            byte[] broken = photo.clone();
            broken[at] ^= (byte) 0x55;

            int[] actual = samples(decode(broken));

            assertThat(actual).hasSameSizeAs(upright);
        }
    }

    @Test
    void cutsTheCentreAsTorchvisionDoes() {
        int[] expected = samples(EXPECTED.get("images").get("rgb.png").get("cut"));

        Pixels cut =
                Decoder.decode(
                        file("rgb.png"),
                        3,
                        new Cancellation(),
                        (width, height, rows) ->
                                new Resampler(Resampler.Filter.BILINEAR)
                                        .resize(width, height, 3, rows, 12 * 37 / 23, 12)
                                        .centre(SIDE, SIDE));

        assertThat(samples(cut)).containsExactly(expected);
    }

    @Test
    void enlargesAndMakesGreyAsPillowDoes() {
        Pixels enlarged = resize("rgb.png", 3, Resampler.Filter.BICUBIC, 50, 40);
        Pixels grey = resize("rgb.png", 1, Resampler.Filter.BILINEAR, SIDE, SIDE);

        assertThat(samples(enlarged)).containsExactly(samples(EXPECTED.get("enlarged")));
        assertThat(samples(grey)).containsExactly(samples(EXPECTED.get("grey")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "palette.png",
                "photo.jpg",
                "progressive.jpg",
                "turned-6.jpg",
                "ycck.jpg"
            })
    void refusesATruncatedFileWhereverItEnds(String name) {
        byte[] whole = file(name);

        for (int length = 0; length < whole.length - 20; length += 13) {
            byte[] part = Arrays.copyOf(whole, length);
            try {
                decode(part);
            } catch (EngineException e) {
                assertThat(e.code()).isEqualTo(NodeError.INVALID_INPUT);
                assertThat(e.param()).isEqualTo("image");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "palette.png",
                "photo.jpg",
                "progressive.jpg",
                "turned-6.jpg",
                "ycck.jpg"
            })
    void survivesEveryFlippedByte(String name) {
        byte[] whole = file(name);

        for (int i = 0; i < whole.length; i += 3) {
            byte[] broken = whole.clone();
            broken[i] ^= (byte) 0xFF;
            try {
                decode(broken);
            } catch (EngineException e) {
                assertThat(e.code()).isIn(NodeError.INVALID_INPUT, NodeError.INPUT_TOO_LARGE);
            }
        }
    }

    @Test
    void refusesAHeaderOfMorePixelsThanMemory() {
        byte[] bomb = png(100_000, 100_000, new byte[0]);

        assertThatThrownBy(() -> decode(bomb))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(NodeError.INPUT_TOO_LARGE);
                            assertThat(e.message()).contains("100000 x 100000");
                        });
        assertThatThrownBy(() -> decode(png(16_000, 16_000, new byte[0])))
                .hasMessageContaining("16000 x 16000");
        assertThatThrownBy(() -> decode(png(-1, 5, new byte[0]))).hasMessageContaining("no pixels");
    }

    /** A megabyte of text that inflates to a thousand: no decoder may see it. */
    @Test
    void leavesTextsOfAFileAlone() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(new byte[8 << 20]);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("Comment\0\0".getBytes(StandardCharsets.ISO_8859_1));
        text.writeBytes(packed.toByteArray());
        byte[] palette = file("palette.png");
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.write(palette, 0, 33);
        bomb.writeBytes(chunk("zTXt", text.toByteArray()));
        bomb.write(palette, 33, palette.length - 33);

        PictureFile picture = PictureFile.of(bomb.toByteArray());

        assertThat(picture.content()).hasSizeLessThanOrEqualTo(palette.length);
        assertThat(samples(decode(bomb.toByteArray()))).isEqualTo(samples(decode(palette)));
    }

    @Test
    void refusesPicturesOfTwoSizesOrScansWithoutEnd() {
        byte[] photo = file("progressive.jpg");
        ByteArrayOutputStream endless = new ByteArrayOutputStream();
        endless.write(photo, 0, photo.length - 2);
        for (int i = 0; i < 100; i++) {
            endless.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 0, 0, 0});
        }
        byte[] twice = photo.clone();
        int size = 2;
        while (!(twice[size] == (byte) 0xFF && twice[size + 1] == (byte) 0xC2)) {
            size++;
        }
        ByteArrayOutputStream sizes = new ByteArrayOutputStream();
        sizes.write(twice, 0, size);
        sizes.write(twice, size, 19);
        sizes.write(twice, size, twice.length - size);

        assertThatThrownBy(() -> decode(endless.toByteArray())).hasMessageContaining("scans");
        assertThatThrownBy(() -> decode(sizes.toByteArray())).hasMessageContaining("two sizes");
    }

    @Test
    void stopsDecodingForACallerWhoIsGone() {
        Cancellation gone = new Cancellation();
        gone.cancel();

        assertThatThrownBy(() -> decode(file("rgb.png"), gone))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.code()).isEqualTo(EngineException.CANCELLED));
        assertThat(samples(decode(file("rgb.png")))).isNotEmpty();
    }

    @Test
    void refusesWhatIsNoPicture() {
        for (byte[] file : List.of("GIF89a…".getBytes(StandardCharsets.UTF_8), new byte[0])) {
            assertThatThrownBy(() -> decode(file)).hasMessageContaining("neither JPEG nor PNG");
        }
    }

    private static byte[] png(int width, int height, byte[] data) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        byte[] header =
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) 8)
                        .put((byte) 2)
                        .array();
        file.writeBytes(chunk("IHDR", header));
        file.writeBytes(chunk("IDAT", data));
        file.writeBytes(chunk("IEND", new byte[0]));
        return file.toByteArray();
    }

    private static byte[] chunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static byte[] file(String name) {
        return TestModels.read("tasks/" + name);
    }

    private static Pixels decode(byte[] file) {
        return decode(file, new Cancellation());
    }

    private static Pixels decode(byte[] file, Cancellation cancellation) {
        return Decoder.decode(
                file,
                3,
                cancellation,
                (width, height, rows) ->
                        new Resampler(Resampler.Filter.BILINEAR)
                                .resize(width, height, 3, rows, SIDE, SIDE));
    }

    private static int[] resized(String name, Resampler.Filter filter) {
        return samples(resize(name, 3, filter, SIDE, SIDE));
    }

    private static Pixels resize(
            String name, int channels, Resampler.Filter filter, int newWidth, int newHeight) {
        return Decoder.decode(
                file(name),
                channels,
                new Cancellation(),
                (width, height, rows) ->
                        new Resampler(filter)
                                .resize(width, height, channels, rows, newWidth, newHeight));
    }

    private static int[] samples(Pixels pixels) {
        int[] samples = new int[pixels.data().length];
        Arrays.setAll(samples, i -> pixels.data()[i] & 0xFF);
        return samples;
    }

    private static int[] samples(JsonNode array) {
        return TestModels.numbers(array).stream().mapToInt(Double::intValue).toArray();
    }
}
