package dev.atrium.node.engine;

import java.nio.ByteBuffer;

/**
 * One named tensor.
 *
 * @param shape never negative; not copied, nobody changes it
 * @param data little-endian, row-major, from position to limit
 */
public record Tensor(String name, Datatype datatype, long[] shape, ByteBuffer data) {

    /** Elements that the shape asks for; a scalar has one. */
    public long elements() {
        return elements(shape);
    }

    /**
     * @throws ArithmeticException when the product does not fit a {@code long}
     */
    public static long elements(long[] shape) {
        long product = 1;
        for (long dimension : shape) {
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }

    /** Whether it is made of so many rows, each of the same number of bytes. */
    public boolean hasRows(long rows) {
        return shape.length > 0 && shape[0] == rows && datatype != Datatype.BYTES;
    }

    /** Some of its rows, over the same bytes; it must have rows. */
    public Tensor rows(long from, long count) {
        int bytes = shape[0] == 0 ? 0 : (int) (data.remaining() / shape[0]);
        long[] part = shape.clone();
        part[0] = count;
        int offset = data.position() + (int) from * bytes;
        return new Tensor(
                name, datatype, part, data.slice(offset, (int) count * bytes).order(data.order()));
    }
}
