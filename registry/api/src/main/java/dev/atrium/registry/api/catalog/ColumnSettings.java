package dev.atrium.registry.api.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one column of a table becomes numbers of the model's input.
 *
 * @param name as rows that are objects call it
 * @param kind {@code numeric}, {@code one-hot} (a number for each category) or {@code ordinal} (the
 *     index of the category)
 * @param mean what is taken from a number; default 0
 * @param std what it is divided by after that; default 1
 * @param categories what a text may be, in the order of their numbers
 * @param missing what to do where there is no value: {@code refuse} (default), {@code mean} (of
 *     numbers) or {@code unknown} (of categories)
 * @param unknown what to do with a text that is no category: {@code refuse} (default) or {@code
 *     ignore}, which is all zeros or the ordinal -1
 */
public record ColumnSettings(
        String name,
        @Nullable String kind,
        @Nullable Double mean,
        @Nullable Double std,
        @Nullable List<String> categories,
        @Nullable String missing,
        @Nullable String unknown) {}
