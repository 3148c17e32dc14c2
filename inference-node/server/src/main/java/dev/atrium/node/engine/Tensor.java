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
}
