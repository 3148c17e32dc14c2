package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.error.InvalidRequestException;

/** What tenants and projects are called in names and paths. */
final class Slug {
    private static final int MAX_NAME = 200;

    private Slug() {}

    static String checked(String slug) {
        if (ModelName.isReserved(slug)) {
            throw new NameReservedException(slug);
        }
        if (!ModelName.isValidPart(slug)) {
            throw new InvalidRequestException(
                    "'slug' is '"
                            + slug
                            + "' but must be 1 to 64 of a-z 0-9 . _ - and begin with a letter or"
                            + " digit");
        }
        return slug;
    }

    /** A name for people. */
    static String checkedName(String member, String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME) {
            throw new InvalidRequestException(
                    "'" + member + "' must have 1 to " + MAX_NAME + " characters");
        }
        return stripped;
    }
}
