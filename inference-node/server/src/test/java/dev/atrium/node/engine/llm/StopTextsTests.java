package dev.atrium.node.engine.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Stop texts in a stream of pieces. */
class StopTextsTests {

    @Test
    void showsEverythingAtOnceWhenThereAreNone() {
        StopTexts stops = new StopTexts(List.of());

        assertThat(stops.add("abc")).isEqualTo("abc");
        assertThat(stops.rest()).isEmpty();
    }

    @Test
    void holdsBackWhatMayBecomeOneAndShowsItWhenItDoesNot() {
        StopTexts stops = new StopTexts(List.of("END"));

        assertThat(stops.add("the E")).isEqualTo("the ");
        assertThat(stops.add("N")).isEmpty();
        assertThat(stops.add("TER")).isEqualTo("ENTER");
        assertThat(stops.isFound()).isFalse();
    }

    @Test
    void endsBeforeTheFirstOneEvenAcrossPieces() {
        StopTexts stops = new StopTexts(List.of("END", "STOP"));

        String shown = stops.add("a S") + stops.add("TO") + stops.add("P END");

        assertThat(shown).isEqualTo("a ");
        assertThat(stops.isFound()).isTrue();
        assertThat(stops.rest()).isEmpty();
    }

    @Test
    void givesBackWhatWasHeldWhenTheAnswerEnds() {
        StopTexts stops = new StopTexts(List.of("END"));

        stops.add("the EN");

        assertThat(stops.rest()).isEqualTo("EN");
    }

    /** The same as cutting the whole text, however it was cut into pieces. */
    @Test
    void doesNotDependOnHowTheTextCameInPieces() {
        Random dice = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            String text = letters(dice, 30);
            List<String> stops = List.of(letters(dice, 1 + dice.nextInt(3)), letters(dice, 2));
            assertThat(inPieces(text, stops, dice)).isEqualTo(cut(text, stops));
        }
    }

    private static String inPieces(String text, List<String> texts, Random dice) {
        StopTexts stops = new StopTexts(texts);
        StringBuilder shown = new StringBuilder();
        int at = 0;
        while (at < text.length() && !stops.isFound()) {
            int to = Math.min(text.length(), at + 1 + dice.nextInt(4));
            shown.append(stops.add(text.substring(at, to)));
            at = to;
        }
        return shown.append(stops.rest()).toString();
    }

    /** The stop that is complete first ends the text. */
    private static String cut(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String soFar = text.substring(0, end);
            int first =
                    stops.stream().mapToInt(soFar::indexOf).filter(at -> at >= 0).min().orElse(-1);
            if (first >= 0) {
                return text.substring(0, first);
            }
        }
        return text;
    }

    private static String letters(Random dice, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + dice.nextInt(2)));
        }
        return text.toString();
    }
}
