package dev.atrium.node.engine.pytorch;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One module. Calls go to the block itself, a quarter of the cost of DJL's Predictor, each with a
 * manager of its own, because arrays that nobody closes stay in memory.
 */
final class TorchModel implements LoadedModel {
    private final Model model;
    private final Signature declared;

    /**
     * @param declared names of inputs and outputs as registered; may be empty
     */
    TorchModel(Model model, Signature declared) {
        this.model = model;
        this.declared = declared;
    }

    /** A TorchScript file does not say. */
    @Override
    public Signature signature() {
        return Signature.UNKNOWN;
    }

    @Override
    public void infer(
            List<Tensor> inputs,
            List<String> outputs,
            Cancellation cancellation,
            Consumer<List<Tensor>> results) {
        cancellation.throwIfCancelled();
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDList arrays = new NDList();
            inputs.forEach(input -> arrays.add(array(manager, input)));
            NDList computed = forward(manager, arrays);
            cancellation.throwIfCancelled();
            results.accept(select(computed, outputs));
        }
    }

    private NDList forward(NDManager manager, NDList inputs) {
        try {
            ParameterStore parameters = new ParameterStore(manager, true);
            NDList computed = model.getBlock().forward(parameters, inputs, false);
            computed.attach(manager);
            return computed;
        } catch (ai.djl.engine.EngineException | IllegalArgumentException e) {
            throw EngineException.failed("the model could not compute these inputs", e);
        }
    }

    private static NDArray array(NDManager manager, Tensor input) {
        DataType type = TorchTypes.of(input.name(), input.datatype());
        ByteBuffer data = input.data().slice().order(ByteOrder.nativeOrder());
        return manager.create(data, new Shape(input.shape()), type);
    }

    private List<Tensor> select(NDList computed, List<String> wanted) {
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < computed.size(); i++) {
            NDArray array = computed.get(i);
            String name = name(array, i);
            ByteBuffer data = array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
            var datatype = TorchTypes.of(name, array.getDataType());
            all.add(new Tensor(name, datatype, array.getShape().getShape(), data));
        }
        if (wanted.isEmpty()) {
            return all;
        }
        List<Tensor> selected = new ArrayList<>();
        for (String name : wanted) {
            Optional<Tensor> found = all.stream().filter(t -> t.name().equals(name)).findFirst();
            selected.add(
                    found.orElseThrow(() ->
                            EngineException.invalidInput(
                                    "output '"
                                            + name
                                            + "' is unknown; the model gives "
                                            + all.stream().map(Tensor::name).toList())));
        }
        return selected;
    }

    /**
     * The module's own word for it (a dictionary's key), else the registered one, else a number.
     */
    private String name(NDArray array, int index) {
        String own = array.getName();
        if (own != null && !own.isEmpty()) {
            return own;
        }
        return index < declared.outputs().size()
                ? declared.outputs().get(index).name()
                : "output" + index;
    }

    @Override
    public void close() {
        model.close();
    }
}
