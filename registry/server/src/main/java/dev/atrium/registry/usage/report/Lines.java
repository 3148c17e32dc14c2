package dev.atrium.registry.usage.report;

import java.util.List;

/** The lines of one report, in their order. */
@FunctionalInterface
interface Lines {
    /**
     * @param after position of the line before; empty for the first
     * @return at most so many; fewer only where no more are left
     */
    List<Line> read(List<String> after, int most);
}
