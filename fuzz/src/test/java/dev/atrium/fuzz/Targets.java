package dev.atrium.fuzz;

import dev.atrium.gateway.metering.GatewayJournalTarget;
import dev.atrium.gateway.openai.ChatBodyTarget;
import dev.atrium.gateway.openai.ChatEventsTarget;
import dev.atrium.gateway.predict.WavLengthTarget;
import dev.atrium.gateway.upstream.UsageHeaderTarget;
import dev.atrium.node.api.FormTarget;
import dev.atrium.node.api.GrantTarget;
import dev.atrium.node.engine.audio.SoundTarget;
import dev.atrium.node.engine.image.PictureTarget;
import dev.atrium.node.engine.llm.GgufHeaderTarget;
import dev.atrium.node.engine.table.TableTarget;
import dev.atrium.node.inference.InferBodyTarget;
import dev.atrium.node.usage.NodeJournalTarget;
import dev.atrium.node.worker.ipc.WorkerFramesTarget;
import dev.atrium.registry.artifact.UploadTarget;
import java.util.function.Supplier;

/** All parsers of ours that read what somebody else wrote. */
enum Targets {
    INFER_BODY(InferBodyTarget::new),
    GRANT(GrantTarget::new),
    FORM(FormTarget::new),
    PICTURE(PictureTarget::new),
    SOUND(SoundTarget::new),
    WAV_LENGTH(WavLengthTarget::new),
    TABLE(TableTarget::new),
    GGUF_HEADER(GgufHeaderTarget::new),
    WORKER_FRAMES(WorkerFramesTarget::new),
    NODE_JOURNAL(NodeJournalTarget::new),
    CHAT_BODY(ChatBodyTarget::new),
    CHAT_EVENTS(ChatEventsTarget::new),
    USAGE_HEADER(UsageHeaderTarget::new),
    GATEWAY_JOURNAL(GatewayJournalTarget::new),
    UPLOAD(UploadTarget::new);

    private final Supplier<Target> maker;

    Targets(Supplier<Target> maker) {
        this.maker = maker;
    }

    Target make() {
        return maker.get();
    }
}
