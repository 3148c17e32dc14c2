package dev.atrium.node.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.model.ModelMemory.Admission;
import dev.atrium.node.model.ModelMemory.Admission.Admitted;
import dev.atrium.node.model.ModelMemory.Admission.NoRoom;
import dev.atrium.node.model.ModelMemory.Admission.TooLarge;
import dev.atrium.registry.api.catalog.ModelName;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may be loaded, and who makes way. */
class ModelMemoryTests {
    private static final long MB = 1L << 20;

    private long available = Long.MAX_VALUE;
    private final ModelMemory memory = new ModelMemory(() -> 100 * MB, () -> available);

    @Test
    void admitsWhatFitsAndNotWhatDoesNot() {
        Copy first = new Copy("a", 60);
        Copy second = new Copy("b", 50);

        assertThat(memory.admit(first)).isInstanceOf(Admitted.class);
        assertThat(memory.admit(second))
                .isInstanceOfSatisfying(
                        NoRoom.class,
                        no -> assertThat(no.words()).contains("50 MB", "40 MB are free"));
    }

    @Test
    void countsWhatIsMeasuredOnceItIsLoaded() {
        Copy first = load("a", 60, 20);

        assertThat(memory.admit(new Copy("b", 80))).isInstanceOf(Admitted.class);
        first.resident = 50 * MB;
        first.movable = false;
        assertThat(memory.admit(new Copy("c", 1))).as("it grew").isInstanceOf(NoRoom.class);
    }

    @Test
    void aLoadInProgressCountsWithWhatItNeedsOrWithMore() {
        Copy loading = new Copy("a", 30);
        memory.admit(loading);
        loading.resident = 70 * MB;
        loading.movable = false;

        assertThat(memory.admit(new Copy("b", 40))).isInstanceOf(NoRoom.class);
        assertThat(memory.admit(new Copy("c", 30))).isInstanceOf(Admitted.class);
    }

    @Test
    void admitsNoMoreThanTheMachineHas() {
        available = 20 * MB;

        assertThat(memory.admit(new Copy("a", 15))).isInstanceOf(Admitted.class);
        assertThat(memory.admit(new Copy("b", 10)))
                .as("the first has not taken its part yet")
                .isInstanceOf(NoRoom.class);
    }

    @Test
    void whatNeedsMoreThanThereIsAtAllNeverComes() {
        assertThat(memory.admit(new Copy("a", 101))).isInstanceOf(TooLarge.class);
    }

    @Test
    void theLeastRecentlyUsedMakeWayAndNoMoreThanMust() {
        Copy old = load("a", 30, 30);
        Copy older = load("b", 30, 30);
        Copy recent = load("c", 30, 30);
        old.lastUse = older.lastUse + 10;
        recent.lastUse = older.lastUse + 20;

        Admission admission = memory.admit(new Copy("d", 60));

        assertThat(admission)
                .isInstanceOfSatisfying(
                        Admitted.class, yes -> assertThat(yes.leaving()).hasSize(2));
        assertThat(older.gaveWayTo).isNotNull();
        assertThat(old.gaveWayTo).isNotNull();
        assertThat(recent.gaveWayTo).isNull();
    }

    @Test
    void pinnedAndBusyCopiesStay() {
        Copy pinned = load("a", 60, 60);
        pinned.movable = false;

        assertThat(memory.admit(new Copy("b", 50))).isInstanceOf(NoRoom.class);
        assertThat(pinned.gaveWayTo).isNull();
    }

    @Test
    void nobodyMakesWayInVain() {
        Copy small = load("a", 10, 10);
        load("b", 60, 60).movable = false;

        assertThat(memory.admit(new Copy("c", 50))).isInstanceOf(NoRoom.class);
        assertThat(small.gaveWayTo).isNull();
    }

    @Test
    void aNewVersionDoesNotDisplaceTheOldOne() {
        Copy old = load("a", 60, 60);

        assertThat(memory.admit(new Copy("a", 50))).isInstanceOf(NoRoom.class);
        assertThat(old.gaveWayTo).isNull();
    }

    @Test
    void whoMadeWayTakesNoRoomFromOthersToComeBack() {
        load("a", 60, 60);
        Copy back = new Copy("b", 50);
        back.wasDisplaced = true;

        assertThat(memory.admit(back)).isInstanceOf(NoRoom.class);
    }

    @Test
    void roomThatIsMadeIsTheAskersAndNobodyElses() {
        Copy first = load("a", 60, 60);
        Copy second = new Copy("b", 90);

        Admission admission = memory.admit(second);

        CompletableFuture<Void> leaving = ((Admitted) admission).leaving().getFirst();
        assertThat(leaving).isNotDone();
        first.resident = 0;
        memory.left(first);
        assertThat(leaving).isDone();
        assertThat(memory.admit(new Copy("a", 60))).isInstanceOf(NoRoom.class);
        memory.left(second);
        assertThat(memory.admit(new Copy("a", 60))).isInstanceOf(Admitted.class);
    }

    private Copy load(String model, long need, long resident) {
        Copy copy = new Copy(model, need);
        assertThat(memory.admit(copy)).isInstanceOf(Admitted.class);
        copy.resident = resident * MB;
        memory.loaded(copy);
        return copy;
    }

    private static final class Copy implements Occupant {
        private final ModelName model;
        private final long needed;
        private long resident;
        private long lastUse = System.nanoTime();
        private boolean movable = true;
        private boolean wasDisplaced;
        private @Nullable Occupant gaveWayTo;

        Copy(String model, long neededMegabytes) {
            this.model = new ModelName("acme", model);
            this.needed = neededMegabytes * MB;
        }

        @Override
        public ModelName model() {
            return model;
        }

        @Override
        public long neededBytes() {
            return needed;
        }

        @Override
        public long residentBytes() {
            return resident;
        }

        @Override
        public boolean mayDisplace() {
            return !wasDisplaced;
        }

        @Override
        public boolean mayBeDisplaced() {
            return movable;
        }

        @Override
        public long lastUse() {
            return lastUse;
        }

        @Override
        public void giveWay(Occupant other) {
            gaveWayTo = other;
        }
    }
}
