package dev.atrium.node.inference;

import dev.atrium.fuzz.Target;
import dev.atrium.node.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Tensors as callers send them. */
public final class InferBodyTarget implements Target {
    private static final int MOST_BYTES = 1 << 20;

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        """
                        {"id":"a","inputs":[{"name":"x","datatype":"FP32","shape":[2,2],
                        "data":[[1.5,-2e-3],[3,4]]}],"outputs":[{"name":"y"}]}
                        """,
                        """
                        {"inputs":[{"name":"t","shape":[2],"datatype":"BYTES","data":["a","\\u00e4"]},
                        {"name":"b","shape":[3],"datatype":"BOOL","data":[true,false,true]},
                        {"name":"n","shape":[1,2],"datatype":"INT64","data":[9223372036854775807,-1]}]}
                        """,
                        """
                        {"parameters":{"a":[{"b":1}]},"inputs":[{"name":"h","shape":[2],
                        "datatype":"FP16","data":[0.5,65504],"parameters":{}},
                        {"name":"u","shape":[2],"datatype":"UINT8","data":[0,255]},
                        {"name":"e","shape":[0,4],"datatype":"INT8","data":[]}]}
                        """)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void read(byte[] input) {
        InferRequest request;
        try {
            request = InferRequestReader.read(new ByteArrayInputStream(input), MOST_BYTES);
        } catch (EngineException refused) {
            return;
        }
        try {
            request.inputs()
                    .forEach(tensor -> {
                        if (tensor.data().remaining() > MOST_BYTES) {
                            throw new AssertionError("a tensor above the limit");
                        }
                    });
        } finally {
            request.buffers().release();
        }
    }
}
