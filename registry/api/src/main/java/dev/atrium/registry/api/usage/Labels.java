package dev.atrium.registry.api.usage;

/** What the label of a cost centre looks like; the same for keys, calls and the ledger. */
public final class Labels {
    /** The header by which a call names its own. */
    public static final String HEADER = "Atrium-Label";

    /** What the sums of a day call the labels that came after its first thousand. */
    public static final String OTHER = "other";

    public static final int LONGEST = 64;

    /** For people who typed something else. */
    public static final String RULE =
            "1 to 64 of the characters A-Z, a-z, 0-9, '.', '_', ':', '/' and '-'";

    private static final String SIGNS = "._:/-";

    private Labels() {}

    public static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST
                && text.chars().allMatch(Labels::isAllowed);
    }

    private static boolean isAllowed(int each) {
        return (each >= 'a' && each <= 'z')
                || (each >= 'A' && each <= 'Z')
                || (each >= '0' && each <= '9')
                || SIGNS.indexOf(each) >= 0;
    }
}
