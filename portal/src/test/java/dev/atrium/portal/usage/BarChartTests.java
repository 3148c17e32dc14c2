package dev.atrium.portal.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.portal.usage.BarChart.Bar;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BarChartTests {
    @ParameterizedTest
    @CsvSource({"0, 1", "3, 1", "4, 1", "5, 2", "17, 5", "41, 20", "152, 50", "9000000, 5000000"})
    void choosesRoundTicks(long highest, long step) {
        assertThat(BarChart.step(highest)).isEqualTo(step);
    }

    @Test
    void drawsFailedCallsOnTopOfAnsweredOnes() throws Exception {
        Document svg = draw(List.of(new Bar("10:00", "hover", 6, 2)), 400);

        List<Element> bars = withClass(svg, "bar");
        Element good = bars.getFirst();
        Element failed = withClass(svg, "bar failed").getFirst();
        double bottomOfFailed = number(failed, "y") + number(failed, "height");
        assertThat(bottomOfFailed)
                .isCloseTo(number(good, "y"), org.assertj.core.data.Offset.offset(0.11));
        assertThat(number(good, "height"))
                .isCloseTo(3 * number(failed, "height"), org.assertj.core.data.Offset.offset(0.5));
    }

    @Test
    void givesEveryColumnAHoverTextOverItsWholeHeight() throws Exception {
        Document svg = draw(List.of(new Bar("a", "10:00: 0 calls", 0, 0)), 400);

        assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("10:00: 0 calls");
        assertThat(number(withClass(svg, "hover").getFirst(), "height")).isGreaterThan(150);
        assertThat(withClass(svg, "bar")).isEmpty();
    }

    @Test
    void leavesOutLabelsThatWouldOverlap() throws Exception {
        List<Bar> day = new ArrayList<>();
        for (int hour = 0; hour < 24; hour++) {
            day.add(new Bar("h" + hour, "", 1, 0));
        }

        assertThat(labels(draw(day, 1080))).hasSize(12);
        assertThat(labels(draw(day, 380))).hasSize(5);
    }

    @Test
    void treatsTextsAsTextAndNotAsMarkup() throws Exception {
        Document svg =
                draw(List.of(new Bar("<b>", "</title><script>alert(1)</script>", 1, 0)), 400);

        assertThat(svg.getElementsByTagName("script").getLength()).isZero();
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("</title><script>alert(1)</script>");
    }

    private static Document draw(List<Bar> bars, int width) throws Exception {
        String svg = BarChart.svg(bars, "a \"chart\"", width, 240, Locale.GERMAN);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> withClass(Document svg, String kind) {
        List<Element> found = new ArrayList<>();
        NodeList all = svg.getElementsByTagName("rect");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (element.getAttribute("class").equals(kind)) {
                found.add(element);
            }
        }
        return found;
    }

    private static List<String> labels(Document svg) {
        List<String> found = new ArrayList<>();
        NodeList all = svg.getElementsByTagName("text");
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i).getTextContent().startsWith("h")) {
                found.add(all.item(i).getTextContent());
            }
        }
        return found;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
