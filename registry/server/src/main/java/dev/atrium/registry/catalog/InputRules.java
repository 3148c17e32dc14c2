package dev.atrium.registry.catalog;

import static dev.atrium.registry.catalog.SettingsRules.invalid;
import static dev.atrium.registry.catalog.SettingsRules.requireBetween;
import static dev.atrium.registry.catalog.SettingsRules.requireName;
import static dev.atrium.registry.catalog.SettingsRules.requireNames;
import static dev.atrium.registry.catalog.SettingsRules.requireOneOf;
import static dev.atrium.registry.catalog.SettingsRules.requireRange;

import dev.atrium.registry.api.catalog.ColumnSettings;
import dev.atrium.registry.api.catalog.ImageSettings;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What settings may say of pictures and tables. */
final class InputRules {
    private static final int MAX_PIXELS = 4_096;
    private static final int MAX_COLUMNS = 1_000;
    private static final int MAX_CATEGORIES = 10_000;
    private static final int MAX_WIDTH = 100_000;
    private static final double LARGEST = 1e9;
    private static final double SMALLEST_DIVISOR = 1e-9;

    private InputRules() {}

    static void check(VersionSettings settings) {
        if (settings.image() != null) {
            check(settings.image());
        }
        if (settings.columns() != null) {
            check(settings.columns());
        }
    }

    private static void check(ImageSettings image) {
        requireRange("image.width", image.width(), MAX_PIXELS);
        requireRange("image.height", image.height(), MAX_PIXELS);
        requireRange("image.shorterSide", image.shorterSide(), MAX_PIXELS);
        requireOneOf("image.interpolation", image.interpolation(), "bilinear", "bicubic");
        requireOneOf("image.color", image.color(), "rgb", "bgr", "grey");
        requireOneOf("image.layout", image.layout(), "nchw", "nhwc");
        requireBetween("image.scale", image.scale(), SMALLEST_DIVISOR, LARGEST);
        int channels = "grey".equals(image.color()) ? 1 : 3;
        requireChannels("image.mean", image.mean(), channels, -LARGEST);
        requireChannels("image.std", image.std(), channels, SMALLEST_DIVISOR);
        Integer side = image.shorterSide();
        if (side != null && (isMore(image.width(), side) || isMore(image.height(), side))) {
            throw invalid("image.shorterSide", "is less than the width or height to cut out");
        }
    }

    private static boolean isMore(@Nullable Integer length, int than) {
        return length != null && length > than;
    }

    private static void requireChannels(
            String member, @Nullable List<Double> numbers, int channels, double least) {
        if (numbers == null) {
            return;
        }
        if (numbers.size() != channels) {
            throw invalid(member, "must have a number for each of " + channels + " channels");
        }
        for (Double number : numbers) {
            requireBetween(member, number == null ? Double.NaN : number, least, LARGEST);
        }
    }

    private static void check(List<ColumnSettings> columns) {
        if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
            throw invalid("columns", "must be 1 to " + MAX_COLUMNS + " columns");
        }
        Set<String> names = new HashSet<>();
        long width = 0;
        for (int i = 0; i < columns.size(); i++) {
            String member = "columns[" + i + "]";
            ColumnSettings column = columns.get(i);
            if (column == null) {
                throw invalid(member, "must be an object");
            }
            requireName(member + ".name", column.name());
            if (!names.add(column.name())) {
                throw invalid(member + ".name", "'" + column.name() + "' stands there twice");
            }
            width += check(member, column);
        }
        if (width > MAX_WIDTH) {
            throw invalid("columns", "make " + width + " numbers, more than " + MAX_WIDTH);
        }
    }

    /**
     * @return how many numbers the column makes
     */
    private static int check(String member, ColumnSettings column) {
        requireOneOf(member + ".kind", column.kind(), "numeric", "one-hot", "ordinal");
        boolean isNumeric = column.kind() == null || column.kind().equals("numeric");
        requireBetween(member + ".mean", column.mean(), -LARGEST, LARGEST);
        requireBetween(member + ".std", column.std(), SMALLEST_DIVISOR, LARGEST);
        requireOneOf(
                member + ".missing", column.missing(), "refuse", isNumeric ? "mean" : "unknown");
        requireOneOf(member + ".unknown", column.unknown(), "refuse", "ignore");
        List<String> categories = column.categories();
        if (isNumeric != (categories == null)) {
            throw invalid(
                    member + ".categories",
                    isNumeric ? "are not for numbers" : "must say what the column may hold");
        }
        if (categories == null) {
            return 1;
        }
        if (column.mean() != null || column.std() != null) {
            throw invalid(member, "has a mean or std, which are for numbers");
        }
        requireNames(member + ".categories", categories, MAX_CATEGORIES);
        return "one-hot".equals(column.kind()) ? categories.size() : 1;
    }
}
