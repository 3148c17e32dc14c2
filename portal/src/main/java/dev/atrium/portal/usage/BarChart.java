package dev.atrium.portal.usage;

import java.util.List;
import java.util.Locale;
import org.springframework.web.util.HtmlUtils;

/**
 * Stacked bars as SVG text, drawn on the server: calls that were answered, and on top the ones that
 * failed. The y axis ends at a round number (1, 2 or 5 times a power of ten per tick); every column
 * is hoverable over its whole height, so that small bars can be hit. Colours come from the style
 * sheet, so that one drawing serves light and dark.
 */
final class BarChart {
    private static final int LEFT = 44;
    private static final int TOP = 12;
    private static final int BOTTOM = 28;
    private static final int LABEL_SPACE = 62;
    private static final int WANTED_TICKS = 4;

    /** One column. */
    record Bar(String label, String hover, long good, long failed) {
        long total() {
            return good + failed;
        }
    }

    private final int width;
    private final int height;
    private final Locale locale;
    private final StringBuilder svg = new StringBuilder();

    private BarChart(int width, int height, Locale locale) {
        this.width = width;
        this.height = height;
        this.locale = locale;
    }

    /**
     * Draws the bars from left to right.
     *
     * @param description what the chart shows, for people who do not see it
     */
    static String svg(List<Bar> bars, String description, int width, int height, Locale locale) {
        return new BarChart(width, height, locale).draw(bars, description);
    }

    private String draw(List<Bar> bars, String description) {
        long step = step(bars.stream().mapToLong(Bar::total).max().orElse(0));
        long top = top(bars, step);
        svg.append(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" class=\"chart\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" aria-label=\"")
                .append(HtmlUtils.htmlEscape(description))
                .append("\">");
        drawGrid(step, top);
        drawBars(bars, top);
        return svg.append("</svg>").toString();
    }

    private void drawGrid(long step, long top) {
        for (long value = 0; value <= top; value += step) {
            double y = y(value, top);
            svg.append(
                    "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>"
                            .formatted(
                                    value == 0 ? "axis" : "grid",
                                    LEFT,
                                    width - 4,
                                    number(y),
                                    number(y)));
            svg.append(
                    "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%s\">%s</text>"
                            .formatted(
                                    LEFT - 8,
                                    number(y + 4),
                                    dev.atrium.portal.design.Amounts.compact(value, locale)));
        }
    }

    private void drawBars(List<Bar> bars, long top) {
        double column = (width - LEFT - 4.0) / Math.max(bars.size(), 1);
        double bar = Math.max(column * 0.68, 1.5);
        int every = (int) Math.max(1, Math.ceil(LABEL_SPACE / column));
        for (int i = 0; i < bars.size(); i++) {
            Bar each = bars.get(i);
            double x = LEFT + i * column;
            double inset = x + (column - bar) / 2;
            svg.append("<g class=\"column\"><title>")
                    .append(HtmlUtils.htmlEscape(each.hover()))
                    .append("</title>");
            drawRectangle("hover", x, TOP, column, height - TOP - BOTTOM);
            drawSegment("bar", inset, bar, 0, each.good(), top);
            drawSegment("bar failed", inset, bar, each.good(), each.total(), top);
            svg.append("</g>");
            if (i % every == 0) {
                svg.append(
                        "<text class=\"tick\" text-anchor=\"middle\" x=\"%s\" y=\"%d\">%s</text>"
                                .formatted(
                                        number(x + column / 2),
                                        height - 8,
                                        HtmlUtils.htmlEscape(each.label())));
            }
        }
    }

    private void drawSegment(String kind, double x, double barWidth, long from, long to, long top) {
        if (to > from) {
            double upper = y(to, top);
            drawRectangle(kind, x, upper, barWidth, Math.max(y(from, top) - upper, 1));
        }
    }

    private void drawRectangle(String kind, double x, double y, double w, double h) {
        svg.append(
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\"/>"
                        .formatted(kind, number(x), number(y), number(w), number(h)));
    }

    private double y(long value, long top) {
        return height - BOTTOM - (double) value / top * (height - TOP - BOTTOM);
    }

    private static long top(List<Bar> bars, long step) {
        long highest = bars.stream().mapToLong(Bar::total).max().orElse(0);
        return Math.max(step, (highest + step - 1) / step * step);
    }

    /** The round distance of ticks that gives about four of them. */
    static long step(long highest) {
        long power = 1;
        while (true) {
            for (long factor : new long[] {1, 2, 5}) {
                if (factor * power * WANTED_TICKS >= highest) {
                    return factor * power;
                }
            }
            power *= 10;
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
