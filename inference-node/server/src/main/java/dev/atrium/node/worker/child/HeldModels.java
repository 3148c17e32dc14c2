package dev.atrium.node.worker.child;

import dev.atrium.node.engine.ChatUsage;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Engines;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.Question;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.child.Requests.Reply;
import dev.atrium.node.worker.ipc.Frame;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.ProtocolException;
import dev.atrium.node.worker.ipc.TensorBodies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The models of this process and what can be asked of them. */
final class HeldModels {
    private final Map<Long, LoadedModel> models = new ConcurrentHashMap<>();
    private final Map<Long, ModelSource> sources = new ConcurrentHashMap<>();

    void answer(Frame frame, BatchedCalls calls, Reply reply) throws IOException {
        switch (frame.type()) {
            case LOAD -> load(Messages.read(frame.head(), Messages.Load.class), reply);
            case WARM_UP -> warmUp(Messages.read(frame.head(), Messages.WarmUp.class), reply);
            case UNLOAD -> unload(Messages.read(frame.head(), Messages.Unload.class), reply);
            case INFER -> infer(frame, calls, reply);
            case EMBED -> embed(frame, calls, reply);
            case CHAT -> chat(frame, calls, reply);
            case PREDICT -> predict(frame, calls, reply);
            case HELLO, LOADED, WARM, DELTA, PART, RESULT, FAILED, CANCEL ->
                    throw new ProtocolException("a worker is not told " + frame.type());
        }
    }

    private void load(Messages.Load load, Reply reply) throws IOException {
        Map<String, Path> files = new HashMap<>();
        load.files().forEach((name, path) -> files.put(name, Path.of(path)));
        ModelSource source =
                new ModelSource(
                        load.framework(),
                        load.task(),
                        load.signature(),
                        load.settings(),
                        files,
                        load.threads(),
                        load.parallel(),
                        load.copies(),
                        load.gpu());
        LoadedModel model = Engines.load(source);
        models.put(load.key(), model);
        sources.put(load.key(), source);
        reply.send(FrameType.LOADED, new Messages.Loaded(model.signature()));
    }

    private void warmUp(Messages.WarmUp warmUp, Reply reply) throws IOException {
        ModelSource source = sources.get(warmUp.key());
        LoadedModel model = model(warmUp.key());
        if (source == null) {
            throw new ProtocolException("no such model");
        }
        for (int copy = 0; copy < source.copies(); copy++) {
            WarmUp.run(model, source, warmUp.batch());
        }
        Optional<String> objection = JoinTrial.objection(model, source);
        reply.send(FrameType.WARM, new Messages.Warm(objection.orElse(null)));
    }

    private void unload(Messages.Unload unload, Reply reply) throws IOException {
        LoadedModel model = models.remove(unload.key());
        sources.remove(unload.key());
        if (model != null) {
            model.close();
        }
        reply.send(FrameType.RESULT, new Messages.Result(List.of(), reply.used(0, 0)));
    }

    private void infer(Frame frame, BatchedCalls calls, Reply reply) throws IOException {
        Messages.Infer infer = Messages.read(frame.head(), Messages.Infer.class);
        List<Tensor> inputs = TensorBodies.tensors(infer.inputs(), frame.body());
        LoadedModel model = model(infer.key());
        new BatchRun(infer.rows(), calls, reply)
                .run(new TensorComputation(model, inputs, infer.outputs()));
    }

    private void embed(Frame frame, BatchedCalls calls, Reply reply) throws IOException {
        Messages.Embed embed = Messages.read(frame.head(), Messages.Embed.class);
        LoadedModel model = model(embed.key());
        new BatchRun(embed.rows(), calls, reply).run(new TextComputation(model, embed.texts()));
    }

    private void predict(Frame frame, BatchedCalls calls, Reply reply) throws IOException {
        Messages.Predict predict = Messages.read(frame.head(), Messages.Predict.class);
        LoadedModel model = model(predict.key());
        List<Question> questions = questions(predict.inputs(), frame.body());
        if (questions.size() > 1) {
            new PredictRun(questions, calls, reply).run(model);
            return;
        }
        calls.begin(1, call -> {});
        reply.computing();
        Question only = questions.getFirst();
        reply.result(model.predict(only.input(), only.top(), calls.together()));
    }

    private static List<Question> questions(List<Messages.NaturalHead> heads, ByteBuffer body) {
        List<Question> questions = new ArrayList<>(heads.size());
        int from = body.position();
        for (Messages.NaturalHead head : heads) {
            ByteBuffer own = body.slice(from, head.bytes());
            questions.add(new Question(new NaturalInput(head.contentType(), own), head.top()));
            from += head.bytes();
        }
        return questions;
    }

    private void chat(Frame frame, BatchedCalls calls, Reply reply) throws IOException {
        Messages.Chat chat = Messages.read(frame.head(), Messages.Chat.class);
        LoadedModel model = model(chat.key());
        calls.begin(1, call -> {});
        reply.computing();
        try {
            ChatUsage usage =
                    model.chat(
                            chat.request(),
                            calls.together(),
                            piece -> {
                                var used = reply.used(piece.usage());
                                delta(
                                        reply,
                                        new Messages.Delta(
                                                piece.text(), piece.finishReason(), used));
                            });
            reply.send(FrameType.RESULT, new Messages.Result(List.of(), reply.lastSaid(usage)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void delta(Reply reply, Messages.Delta delta) {
        try {
            reply.send(FrameType.DELTA, delta);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LoadedModel model(long key) {
        LoadedModel model = models.get(key);
        if (model == null) {
            throw EngineException.failed("the model is not loaded", null);
        }
        return model;
    }
}
