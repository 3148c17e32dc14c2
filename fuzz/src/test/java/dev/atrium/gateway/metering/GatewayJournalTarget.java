package dev.atrium.gateway.metering;

import dev.atrium.fuzz.Target;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/** What a killed gateway or a failing disk left of a journal. */
public final class GatewayJournalTarget implements Target {
    @Override
    public List<byte[]> seeds() {
        ByteBuffer frames = ByteBuffer.allocate(256);
        new Frame(Frame.Type.OPEN, new UUID(1, 2), "{}".getBytes()).writeTo(frames);
        new Frame(Frame.Type.SETTLED, new UUID(1, 2), "{\"a\":1}".getBytes()).writeTo(frames);
        byte[] bytes = new byte[frames.flip().remaining()];
        frames.get(bytes);
        return List.of(bytes);
    }

    @Override
    public void read(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input);
        int at = 0;
        while (at < input.length) {
            at += Frame.isAt(bytes, at) ? Frame.read(bytes, at).size() : 1;
        }
    }
}
