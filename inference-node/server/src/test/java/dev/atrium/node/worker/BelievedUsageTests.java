package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.Media;
import org.junit.jupiter.api.Test;

/** What a worker says it used. */
class BelievedUsageTests {
    private final BelievedUsage usage = new BelievedUsage(100, 10);

    @Test
    void isNeverMoreThanPossible() {
        usage.started(1);

        usage.said(new NodeUsage(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));

        assertThat(usage.known().inputTokens()).isEqualTo(100);
        assertThat(usage.known().outputTokens()).isEqualTo(10);
        assertThat(usage.known().computeMicros()).isLessThan(60_000_000);
    }

    @Test
    void takesNoWordOnEnergy() {
        usage.said(new NodeUsage(1, 1, 1).with(new Energy(7, 7L, EnergyMethod.MEASURED)));

        assertThat(usage.known().energy()).isNull();
    }

    @Test
    void hasNoMoreFromACacheThanThereIs() {
        usage.said(new NodeUsage(5, 0, 0).withCached(9L));
        long most = usage.known().cachedInputTokens();
        usage.said(new NodeUsage(5, 0, 0).withCached(-9L));
        long least = usage.known().cachedInputTokens();
        usage.lost();

        assertThat(most).isEqualTo(5);
        assertThat(least).isZero();
        assertThat(usage.known().cachedInputTokens()).isZero();
    }

    @Test
    void hasNoMorePicturesAndSoundThanTheInputCanHold() {
        BelievedUsage ofMedia = new BelievedUsage(0, 0, new Media(1, 500));

        ofMedia.said(NodeUsage.NONE.of(new Media(7, -3)));
        NodeUsage first = ofMedia.known();
        ofMedia.said(NodeUsage.NONE.of(new Media(-1, Long.MAX_VALUE)));
        ofMedia.lost();

        assertThat(first.media()).isEqualTo(new Media(1, 0));
        assertThat(ofMedia.known().media()).isEqualTo(new Media(1, 500));
    }

    @Test
    void hasNoPicturesWhereTheTaskHasNone() {
        usage.said(NodeUsage.NONE.of(new Media(1, 1)));

        assertThat(usage.known().media()).isNull();
    }

    @Test
    void neverShrinks() {
        usage.said(new NodeUsage(5, 7, 0));
        usage.said(new NodeUsage(-5, 0, -1));

        assertThat(usage.known()).isEqualTo(new NodeUsage(5, 7, 0));
    }
}
