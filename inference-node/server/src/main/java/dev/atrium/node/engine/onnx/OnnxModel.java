package dev.atrium.node.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.TensorInfo;
import dev.atrium.node.engine.ByteStrings;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One session; ONNX Runtime lets any number of threads run it. */
final class OnnxModel implements LoadedModel {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Signature signature;

    OnnxModel(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.signature =
                new Signature(
                        OnnxTypes.inputs(session.getInputInfo().values()),
                        OnnxTypes.outputs(session.getOutputInfo().values()));
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public void infer(
            List<Tensor> inputs,
            List<String> outputs,
            Cancellation cancellation,
            Consumer<List<Tensor>> results) {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try (RunOptions options = new RunOptions()) {
            // Gives the arena's peak back after each run; without it memory never shrinks.
            options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
            for (Tensor input : inputs) {
                feeds.put(input.name(), feed(input));
            }
            cancellation.arm(() -> terminate(options));
            try (OrtSession.Result result = session.run(feeds, wanted(outputs), options)) {
                cancellation.disarm();
                results.accept(read(result, wanted(outputs)));
            } finally {
                cancellation.disarm();
            }
        } catch (OrtException e) {
            throw OnnxErrors.computing(e, cancellation);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private static void terminate(RunOptions options) {
        try {
            options.setTerminate(true);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime does not take the wish to stop", e);
        }
    }

    private Set<String> wanted(List<String> outputs) {
        if (!outputs.isEmpty()) {
            return new LinkedHashSet<>(outputs);
        }
        Set<String> all = new LinkedHashSet<>();
        signature.outputs().stream().map(TensorSpec::name).forEach(all::add);
        return all;
    }

    private OnnxTensor feed(Tensor input) throws OrtException {
        if (input.datatype() == Datatype.BYTES) {
            String[] texts = ByteStrings.read(input.data(), input.elements());
            return OnnxTensor.createTensor(environment, texts, input.shape());
        }
        ByteBuffer data = input.data().slice().order(ByteOrder.LITTLE_ENDIAN);
        return OnnxTensor.createTensor(
                environment,
                data,
                input.shape(),
                OnnxTypes.javaType(input.name(), input.datatype()));
    }

    private static List<Tensor> read(OrtSession.Result result, Set<String> names)
            throws OrtException {
        List<Tensor> tensors = new ArrayList<>();
        for (String name : names) {
            if (!(result.get(name).orElse(null) instanceof OnnxTensor tensor)) {
                throw EngineException.failed("output '" + name + "' is no tensor", null);
            }
            TensorInfo info = tensor.getInfo();
            Datatype datatype = OnnxTypes.datatype(info);
            tensors.add(new Tensor(name, datatype, info.getShape(), data(tensor, datatype)));
        }
        return tensors;
    }

    private static ByteBuffer data(OnnxTensor tensor, Datatype datatype) throws OrtException {
        if (datatype == Datatype.BYTES) {
            return ByteStrings.write(tensor.getValue());
        }
        return tensor.getByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the session does not close", e);
        }
    }
}
