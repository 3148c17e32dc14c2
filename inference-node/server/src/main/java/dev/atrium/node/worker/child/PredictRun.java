package dev.atrium.node.worker.child;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Predictions;
import dev.atrium.node.engine.Question;
import dev.atrium.node.worker.child.Requests.Reply;
import dev.atrium.node.worker.ipc.FrameTooLargeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Answers the predictions of a batch, each as soon as it is there. */
final class PredictRun implements Predictions {
    private final List<Question> questions;
    private final BatchedCalls calls;
    private final Reply reply;
    private boolean wereNoBatch;

    PredictRun(List<Question> questions, BatchedCalls calls, Reply reply) {
        this.questions = questions;
        this.calls = calls;
        this.reply = reply;
    }

    void run(LoadedModel model) throws IOException {
        reply.computing();
        calls.begin(
                questions.size(),
                call -> reply.failed(call, EngineException.cancelled(), NodeUsage.NONE));
        try {
            model.predict(questions, calls.together(), this);
            for (int i = 0; i < questions.size(); i++) {
                failed(i, EngineException.cancelled(), 0);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        calls.end();
        reply.ended(wereNoBatch);
    }

    @Override
    public boolean isWanted(int question) {
        return calls.isWanted(question);
    }

    @Override
    public void answered(int question, Prediction prediction, long micros) {
        if (!calls.answer(question)) {
            return;
        }
        try {
            reply.part(question, prediction, micros);
        } catch (FrameTooLargeException e) {
            fail(question, EngineFailures.of(e), micros);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void failed(int question, RuntimeException why, long micros) {
        if (calls.answer(question)) {
            fail(question, EngineFailures.of(why), micros);
        }
    }

    private void fail(int question, EngineException why, long micros) {
        try {
            reply.failed(question, why, new NodeUsage(0, 0, micros));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void wereNoBatch() {
        wereNoBatch = true;
    }
}
