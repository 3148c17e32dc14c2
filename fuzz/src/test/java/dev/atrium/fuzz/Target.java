package dev.atrium.fuzz;

import java.util.List;

/** A parser under broken input. */
public interface Target {
    /** Whole inputs, to be changed. */
    List<byte[]> seeds() throws Exception;

    /**
     * Returns when the input was understood or refused in the parser's own way.
     *
     * @throws Exception any other, which is a finding
     */
    void read(byte[] input) throws Exception;
}
