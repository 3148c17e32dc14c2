package dev.atrium.node.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** TorchScript files with other insides than the demonstration's. */
public final class TinyTorch {
    private static final byte NONE = 'N';
    private static final byte TUPLE_OF_ONE = (byte) 0x85;

    private TinyTorch() {}

    /** Never returns for a positive sum; otherwise gives back what it got. */
    public static byte[] endlessForPositiveSums() {
        return rewrite(
                "code/__torch__.py",
                """
                class MovingAverage(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  _is_full_backward_hook : Optional[bool]
                  window : int
                  def forward(self: __torch__.MovingAverage,
                    series: Tensor) -> Tensor:
                    going = bool(torch.gt(torch.sum(series), 0))
                    total = series
                    _0 = going
                    while _0:
                      total0 = torch.add(total, series)
                      _0 = True
                      total = total0
                    return total
                """
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Its attributes are nested so deep that reading them overflows the native stack. */
    public static byte[] killsItsReader() {
        byte[] nested = new byte[2 + 1 + 400_000 + 1];
        Arrays.fill(nested, TUPLE_OF_ONE);
        nested[0] = (byte) 0x80;
        nested[1] = 2;
        nested[2] = NONE;
        nested[nested.length - 1] = '.';
        return rewrite("data.pkl", nested);
    }

    /** The same program with another text in its source. */
    public static byte[] withText(byte[] original, String text, String instead) {
        return rewrite(
                original,
                "code/__torch__.py",
                source ->
                        new String(source, StandardCharsets.UTF_8)
                                .replace(text, instead)
                                .getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] rewrite(String ending, byte[] content) {
        return rewrite(TestModels.demo("moving-average.pt"), ending, old -> content);
    }

    private static byte[] rewrite(byte[] original, String ending, UnaryOperator<byte[]> change) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(original));
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] old = in.readAllBytes();
                put(
                        out,
                        entry.getName(),
                        entry.getName().endsWith(ending) ? change.apply(old) : old);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
