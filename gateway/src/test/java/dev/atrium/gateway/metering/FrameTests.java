package dev.atrium.gateway.metering;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.metering.JournalRecovery.Scan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A record as bytes, and what is found of records in bytes that a crash or a disk has spoiled. */
class FrameTests {
    private static final int SMALLEST_PAYLOAD = 17;

    private final Frame frame =
            new Frame(Frame.Type.SETTLED, UUID.randomUUID(), "{\"a\":1}".getBytes(US_ASCII));

    @ParameterizedTest
    @EnumSource(Frame.Type.class)
    void isReadAsItWasWritten(Frame.Type type) {
        Frame written = new Frame(type, UUID.randomUUID(), "{}".getBytes(US_ASCII));
        ByteBuffer bytes = ByteBuffer.allocate(200).position(7);

        written.writeTo(bytes);

        assertThat(bytes.position()).isEqualTo(7 + written.size());
        assertThat(Frame.isAt(bytes.flip(), 7)).isTrue();
        Frame read = Frame.read(bytes, 7);
        assertThat(read.type()).isEqualTo(type);
        assertThat(read.callId()).isEqualTo(written.callId());
        assertThat(read.json()).isEqualTo(written.json());
    }

    @Test
    void isNotThereWhenAnySingleBitIsAnother() {
        byte[] good = bytes(frame);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] spoilt = good.clone();
            spoilt[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(Frame.isAt(ByteBuffer.wrap(spoilt), 0)).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void isNotThereUnlessAllOfItIs() {
        byte[] good = bytes(frame);
        for (int length = 0; length < good.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(good, length));
            assertThat(Frame.isAt(cut, 0)).as("%d bytes", length).isFalse();
        }
        Frame smallest = new Frame(Frame.Type.OPEN, frame.callId(), new byte[0]);
        assertThat(Frame.isAt(ByteBuffer.wrap(bytes(smallest)), 0)).isTrue();
    }

    @Test
    void isAtMostAsLongAsItMayBe() {
        int longest = Frame.LONGEST_PAYLOAD - SMALLEST_PAYLOAD;

        assertThat(isThere(new Frame(Frame.Type.OPEN, frame.callId(), new byte[longest]))).isTrue();
        assertThat(isThere(new Frame(Frame.Type.OPEN, frame.callId(), new byte[longest + 1])))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(bytes = {2, 127, -1})
    void isOfAKnownType(byte type) {
        byte[] bytes = bytes(frame);
        bytes[Frame.HEADER] = type;

        assertThat(Frame.isAt(ByteBuffer.wrap(sealed(bytes)), 0)).isFalse();
    }

    @Test
    void hasRoomForItsTypeAndCall() {
        byte[] bytes = bytes(frame);
        ByteBuffer.wrap(bytes).putInt(4, SMALLEST_PAYLOAD - 1);

        assertThat(Frame.isAt(ByteBuffer.wrap(sealed(bytes)), 0)).isFalse();
    }

    @Test
    void nothingIsWrongWithAnEmptyFile() {
        Scan scan = Scan.of(ByteBuffer.allocate(0));

        assertThat(scan).isEqualTo(new Scan(List.of(), 0, 0, false));
    }

    @Test
    void allRecordsOfASoundFileAreFound() {
        Scan scan = scan(bytes(frame), bytes(frame), bytes(frame));

        assertThat(scan.frames()).hasSize(3);
        assertThat(scan.end()).isEqualTo(3 * frame.size());
        assertThat(scan.goodBytes()).isEqualTo(3 * frame.size());
        assertThat(scan.isDamaged()).isFalse();
    }

    @Test
    void aRecordThatACrashCutOffIsNoDamageWhereverItWasCut() {
        byte[] whole = bytes(frame);
        for (int length = 0; length < whole.length; length++) {
            Scan scan = scan(bytes(frame), Arrays.copyOf(whole, length));

            assertThat(scan.isDamaged()).as("%d bytes", length).isFalse();
            assertThat(scan.end()).isEqualTo(frame.size());
        }
    }

    @Test
    void bytesThatWereNeverFilledAreNoDamage() {
        assertThat(scan(bytes(frame), new byte[500]).isDamaged()).isFalse();
        byte[] almost = new byte[500];
        almost[499] = 1;
        assertThat(scan(bytes(frame), almost).isDamaged()).isTrue();
    }

    @Test
    void aWholeRecordAtTheEndThatIsSpoiltIsDamage() {
        byte[] spoilt = bytes(frame);
        spoilt[spoilt.length - 1] ^= 1;

        Scan scan = scan(bytes(frame), spoilt);

        assertThat(scan.isDamaged()).isTrue();
        assertThat(scan.frames()).hasSize(1);
        assertThat(scan.goodBytes()).isEqualTo(frame.size());
    }

    @Test
    void aRecordBehindAGapIsFoundAndTheGapIsDamage() {
        Scan scan = scan(bytes(frame), new byte[] {1, 2, 3}, bytes(frame));

        assertThat(scan.frames()).hasSize(2);
        assertThat(scan.end()).isEqualTo(2 * frame.size() + 3);
        assertThat(scan.goodBytes()).isEqualTo(2 * frame.size());
        assertThat(scan.isDamaged()).isTrue();
    }

    @Test
    void aLengthThatNoRecordCanHaveIsDamage() {
        assertThat(scan(beginning(-1)).isDamaged()).isTrue();
        assertThat(scan(beginning(Frame.LONGEST_PAYLOAD + 1)).isDamaged()).isTrue();
        assertThat(scan(beginning(Frame.LONGEST_PAYLOAD)).isDamaged()).isFalse();
    }

    @Test
    void somethingElseThanARecordAtTheEndIsDamage() {
        byte[] rest = new byte[Frame.HEADER];
        rest[0] = 9;

        assertThat(scan(bytes(frame), rest).isDamaged()).isTrue();
        assertThat(scan(bytes(frame), Arrays.copyOf(rest, Frame.HEADER - 1)).isDamaged()).isFalse();
    }

    private static byte[] beginning(int length) {
        return ByteBuffer.allocate(40).putInt(Frame.MAGIC).putInt(length).array();
    }

    private static boolean isThere(Frame frame) {
        return Frame.isAt(ByteBuffer.wrap(bytes(frame)), 0);
    }

    /** With the checksum that these bytes should have. */
    private static byte[] sealed(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, Frame.HEADER, buffer.getInt(4));
        buffer.putInt(8, (int) crc.getValue());
        return bytes;
    }

    private static Scan scan(byte[]... parts) {
        List<byte[]> all = new ArrayList<>(List.of(parts));
        ByteBuffer content = ByteBuffer.allocate(all.stream().mapToInt(it -> it.length).sum());
        all.forEach(content::put);
        return Scan.of(content.flip());
    }

    private static byte[] bytes(Frame frame) {
        ByteBuffer bytes = ByteBuffer.allocate(frame.size());
        frame.writeTo(bytes);
        return bytes.array();
    }
}
