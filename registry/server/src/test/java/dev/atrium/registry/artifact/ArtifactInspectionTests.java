package dev.atrium.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.artifact.ModelBytes.Proto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class ArtifactInspectionTests {
    @TempDir private Path folder;

    private final ArtifactInspection inspection =
            new ArtifactInspection(
                    new ArtifactProperties(
                            Path.of("unused"), DataSize.ofGigabytes(1), Duration.ofSeconds(20), 2));

    // ONNX ---------------------------------------------------------------------------------------

    @Test
    void readsTheSignatureOfAnOnnxFileWithoutItsInitializers() {
        Inspection found = inspect("model.onnx", ModelBytes.onnx());

        assertThat(found)
                .isEqualTo(
                        new Inspection.Accepted(
                                Framework.ONNX,
                                new Signature(
                                        List.of(new TensorSpec("x", "FP32", List.of(-1L, 4L))),
                                        List.of(new TensorSpec("y", "FP32", List.of(-1L, 4L)))),
                                null,
                                false));
    }

    @Test
    void refusesATruncatedOnnxFileAtEveryLength() {
        byte[] whole = ModelBytes.onnx();

        for (int length = 0; length < whole.length; length++) {
            assertThat(inspect("model.onnx", Arrays.copyOf(whole, length)))
                    .as("first %d bytes", length)
                    .isInstanceOf(Inspection.Rejected.class);
        }
    }

    @Test
    void refusesBytesAddedToAnOnnxFile() {
        byte[] whole = ModelBytes.onnx();
        byte[] longer = Arrays.copyOf(whole, whole.length + 5);

        assertThat(reason("model.onnx", longer)).contains("bytes were added");
    }

    @Test
    void refusesExternalDataByFlagAndByEntry() {
        Proto flagged = new Proto().number(1, 4).number(2, 1).text(8, "w").number(14, 1);
        Proto entry = new Proto().text(1, "location").text(2, "/etc/passwd");
        Proto listed = new Proto().number(1, 4).number(2, 1).text(8, "w").message(13, entry);

        assertThat(reason("m.onnx", onnx(ModelBytes.graph().message(5, flagged))))
                .contains("external data");
        assertThat(reason("m.onnx", onnx(ModelBytes.graph().message(5, listed))))
                .contains("external data");
    }

    @Test
    void refusesExternalDataInAnAttributeOfAnInnerGraph() {
        Proto tensor = new Proto().number(1, 1).number(2, 1).number(14, 1);
        Proto constant =
                new Proto()
                        .text(4, "Constant")
                        .message(5, new Proto().text(1, "value").message(5, tensor));
        Proto inner = new Proto().message(1, constant);
        Proto loop =
                new Proto()
                        .text(4, "Loop")
                        .message(5, new Proto().text(1, "body").message(6, inner));

        assertThat(reason("m.onnx", onnx(ModelBytes.graph().message(1, loop))))
                .contains("external data");
    }

    @Test
    void refusesOperatorsOfOtherDomains() {
        assertThat(
                        reason(
                                "m.onnx",
                                onnx(
                                        ModelBytes.graph()
                                                .message(1, ModelBytes.node("Evil", "org.evil")))))
                .contains("org.evil::Evil");
        assertThat(
                        reason(
                                "m.onnx",
                                onnx(
                                        ModelBytes.graph()
                                                .message(
                                                        1,
                                                        ModelBytes.node(
                                                                "EPContext", "com.microsoft")))))
                .contains("EPContext");
        assertThat(
                        inspect(
                                "m.onnx",
                                onnx(
                                        ModelBytes.graph()
                                                .message(
                                                        1,
                                                        ModelBytes.node(
                                                                "FusedMatMul", "com.microsoft")))))
                .isInstanceOf(Inspection.Accepted.class);
    }

    @Test
    void acceptsFunctionsOfTheFileButNoExplosionOfThem() {
        Proto square = function("square", ModelBytes.node("Mul", ""));
        byte[] plain =
                ModelBytes.onnxOf(ModelBytes.graph().message(1, ModelBytes.node("square", "local")))
                        .message(25, square)
                        .toBytes();
        Proto exploding =
                ModelBytes.onnxOf(ModelBytes.graph().message(1, ModelBytes.node("f0", "local")));
        for (int i = 0; i < 40; i++) {
            Proto next = ModelBytes.node(i == 39 ? "Relu" : "f" + (i + 1), i == 39 ? "" : "local");
            exploding.message(25, function("f" + i, next, next));
        }
        Proto circle =
                ModelBytes.onnxOf(ModelBytes.graph().message(1, ModelBytes.node("f", "local")));
        circle.message(25, function("f", ModelBytes.node("f", "local")));

        assertThat(inspect("m.onnx", plain)).isInstanceOf(Inspection.Accepted.class);
        assertThat(reason("m.onnx", exploding.toBytes())).contains("nodes");
        assertThat(reason("m.onnx", circle.toBytes())).contains("circle");
    }

    @Test
    void refusesGraphsNestedTooDeep() {
        Proto inner = new Proto();
        for (int i = 0; i < 70; i++) {
            inner =
                    new Proto()
                            .message(
                                    1,
                                    new Proto()
                                            .text(4, "If")
                                            .message(5, new Proto().message(6, inner)));
        }

        assertThat(reason("m.onnx", onnx(ModelBytes.graph().message(1, innerNode(inner)))))
                .contains("deep");
    }

    @Test
    void refusesTensorsThatDoNotFitTheirShape() {
        Proto huge = new Proto().number(1, 1L << 40).number(1, 1L << 40).number(2, 1).text(8, "w");
        Proto shorter = new Proto().number(1, 5).number(2, 1).text(8, "w").bytes(9, new byte[16]);

        assertThat(reason("m.onnx", onnx(ModelBytes.graph().message(5, huge)))).contains("absurd");
        assertThat(reason("m.onnx", onnx(ModelBytes.graph().message(5, shorter))))
                .contains("16 bytes");
    }

    @Test
    void refusesLengthsThatTheFileDoesNotHave() {
        byte[] absurd = new Proto().number(1, 8).length(7, 1L << 62).toBytes();
        byte[] negative = new Proto().number(1, 8).length(7, -1).toBytes();

        assertThat(reason("m.onnx", absurd)).contains("truncated");
        assertThat(reason("m.onnx", negative)).contains("truncated");
    }

    // TorchScript --------------------------------------------------------------------------------

    @Test
    void acceptsTorchScript() {
        assertThat(inspect("model.pt", ModelBytes.torchScript()))
                .isEqualTo(
                        new Inspection.Accepted(
                                Framework.TORCHSCRIPT, Signature.UNKNOWN, null, false));
    }

    @Test
    void refusesOperatorsThatReachFilesHoweverTheyAreWritten() {
        for (String call :
                List.of(
                        "torch.from_file(\"/etc/passwd\", False, 64)",
                        "torch . from_file(\"/etc/passwd\", False, 64)",
                        "torch.\\\n      from_file(\"/etc/passwd\", False, 64)",
                        "torch.save(x, \"/tmp/x\")",
                        "(x).save(\"/tmp/x\")",
                        "x.save(\"/tmp/x\")",
                        "getattr(x, \"save\")(\"/tmp/x\")",
                        "getattr(x, \"sa\" \"ve\")(\"/tmp/x\")",
                        "getattr(x, \"s\\x61ve\")(\"/tmp/x\")",
                        "getattr(torch, \"from_file\")(\"/etc/passwd\")",
                        "ops.aten.from_file(\"/etc/passwd\", False, 64)",
                        "ops.image.read_file(\"/etc/passwd\")",
                        "ops.prim.rpc_sync(\"a\", \"b\")",
                        "ops.c10d.send(x)",
                        "(x)._weight_int4pack_mm(x)",
                        "__torch__.torch.classes.dist_rpc.WorkerInfo()")) {
            String source = ModelBytes.SOURCE.replace("torch.mul(x, weight)", call);

            assertThat(inspect("model.pt", ModelBytes.torchScript(source)))
                    .as(call)
                    .isInstanceOf(Inspection.Rejected.class);
        }
    }

    @Test
    void refusesAnOperatorReachedThroughARenamedModule() {
        String source =
                ModelBytes.SOURCE.replace(
                        "return torch.mul(x, weight)", "t = torch\n    return t.from_file(\"x\")");

        assertThat(inspect("model.pt", ModelBytes.torchScript(source)))
                .isInstanceOf(Inspection.Rejected.class);
    }

    @Test
    void doesNotMistakeTextsAndCommentsForOperators() {
        String source =
                ModelBytes.SOURCE.replace(
                        "return torch.mul",
                        "_0 = \"torch.from_file is refused\"  # torch.save too\n    return torch.mul");

        assertThat(inspect("model.pt", ModelBytes.torchScript(source)))
                .isInstanceOf(Inspection.Accepted.class);
    }

    @Test
    void refusesSourceThatOverflowsANativeStack() {
        String nested = "torch.relu(".repeat(20_000) + "x" + ")".repeat(20_000);
        String chained = "x" + ".relu()".repeat(20_000);
        String added = "x" + " + x".repeat(20_000);

        for (String expression : List.of(nested, chained, added)) {
            String source = ModelBytes.SOURCE.replace("torch.mul(x, weight)", expression);
            assertThat(reason("model.pt", ModelBytes.torchScript(source))).contains("deep");
        }
    }

    @Test
    void refusesPicklesThatNameOrCallAnythingElse() {
        for (String opcodes :
                List.of(
                        "cos\nsystem\nU\u0002id\u0085R.",
                        "cbuiltins\nexec\n.",
                        "c__torch__.torch.classes.evil\nThing\n)\u0081.",
                        "c__torch__\nDoubling\n)R.",
                        "i__torch__\nDoubling\n.",
                        "\u008c\u0001a.",
                        "K\u0001",
                        "K\u0001K\u0002.",
                        "h\u0005.",
                        "]K\u0001a.x",
                        "e.")) {
            assertThat(inspect("model.pt", torchScriptWith("model/constants.pkl", opcodes)))
                    .as(opcodes)
                    .isInstanceOf(Inspection.Rejected.class);
        }
    }

    @Test
    void refusesPicklesNestedTooDeepInOneGoOrPieceByPiece() {
        String nested = ")" + "\u0085".repeat(200_000) + ".";
        StringBuilder later = new StringBuilder("]q\u0000");
        for (int i = 1; i < 100; i++) {
            later.append("]q")
                    .append((char) i)
                    .append("h")
                    .append((char) (i - 1))
                    .append("h")
                    .append((char) i)
                    .append("a0");
        }

        assertThat(reason("model.pt", torchScriptWith("model/constants.pkl", nested)))
                .contains("deep");
        assertThat(inspect("model.pt", torchScriptWith("model/constants.pkl", later.toString())))
                .isInstanceOf(Inspection.Rejected.class);
        assertThat(
                        reason(
                                "model.pt",
                                torchScriptWith(
                                        "model/constants.pkl",
                                        "]q\u0000]h\u0000ah\u0000K\u0001ae.")))
                .contains("may not change");
    }

    @Test
    void refusesMembersThatAreNotPartOfTorchScript() {
        for (String name :
                List.of(
                        "model/hidden.pkl",
                        "model/data/1",
                        "other/data.pkl",
                        "model/code/x.so",
                        "/etc/passwd",
                        "model/../../x",
                        "model/code/../../x.py")) {
            Map<String, byte[]> members = ModelBytes.torchScriptMembers(ModelBytes.SOURCE);
            members.put(name, new byte[8]);

            assertThat(inspect("model.pt", ModelBytes.zip(members)))
                    .as(name)
                    .isInstanceOf(Inspection.Rejected.class);
        }
    }

    @Test
    void refusesATensorOfAnotherSizeThanItsPickleSays() {
        Map<String, byte[]> members = ModelBytes.torchScriptMembers(ModelBytes.SOURCE);
        members.put("model/data/0", new byte[7]);

        assertThat(reason("model.pt", ModelBytes.zip(members))).contains("data/0");
    }

    @Test
    void refusesZipBombsByRatioAndByCount() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("model/data/0"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 80; i++) {
                zip.write(zeros);
            }
        }
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i < 10_001; i++) {
            many.put("model/data/" + i, new byte[0]);
        }

        assertThat(reason("model.pt", bytes.toByteArray())).contains("zip bomb");
        assertThat(reason("model.pt", ModelBytes.zip(many))).contains("10001 members");
    }

    @Test
    void refusesArchivesThatTwoReadersWouldSeeDifferently() {
        byte[] whole = ModelBytes.torchScript();
        byte[] prefixed = new byte[whole.length + 4];
        System.arraycopy(whole, 0, prefixed, 4, whole.length);
        prefixed[0] = 'P';
        prefixed[1] = 'K';

        assertThat(reason("m.pt", Arrays.copyOf(whole, whole.length + 1))).contains("truncated");
        assertThat(reason("m.pt", Arrays.copyOf(whole, whole.length - 1))).contains("truncated");
        assertThat(inspect("m.pt", prefixed)).isInstanceOf(Inspection.Rejected.class);
    }

    // GGUF ---------------------------------------------------------------------------------------

    @Test
    void readsTheContextLengthOfAGgufFile() {
        assertThat(inspect("model.gguf", ModelBytes.gguf()))
                .isEqualTo(new Inspection.Accepted(Framework.GGUF, Signature.UNKNOWN, 128, false));
    }

    @Test
    void refusesATruncatedGgufFileAtEveryLength() {
        byte[] whole = ModelBytes.gguf();

        for (int length = 4; length < whole.length; length++) {
            assertThat(inspect("model.gguf", Arrays.copyOf(whole, length)))
                    .as("first %d bytes", length)
                    .isInstanceOf(Inspection.Rejected.class);
        }
    }

    @Test
    void refusesAbsurdCountsAndLengthsInAGgufFile() {
        byte[] tensors = ModelBytes.ggufHeader(Long.MAX_VALUE, 0).toBytes();
        byte[] key = ModelBytes.ggufHeader(1, 1).int64(1L << 62).toBytes();
        byte[] text = ModelBytes.ggufHeader(1, 1).text("k").int32(8).int64(-1).toBytes();
        byte[] array =
                ModelBytes.ggufHeader(1, 1).text("k").int32(9).int32(10).int64(1L << 61).toBytes();
        byte[] tensor =
                ModelBytes.ggufHeader(1, 1)
                        .text("general.architecture")
                        .int32(8)
                        .text("llama")
                        .tensor("t", 1L << 61, 0)
                        .toBytes();

        for (byte[] file : List.of(tensors, key, text, array, tensor)) {
            assertThat(reason("m.gguf", file)).contains("claims");
        }
    }

    // Everything else ----------------------------------------------------------------------------

    @Test
    void saysWhatAFileOfAnotherKindIsAndHowToConvertIt() {
        byte[] tar = new byte[512];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);

        assertThat(reason("m.pt", ModelBytes.pickle("cos\nsystem\n.")))
                .contains("torch.onnx.export");
        assertThat(reason("m.pt", tar)).contains("tar archive");
        assertThat(reason("m.h5", latin1("\u0089HDF\r\n\u001a\n0000"))).contains("tf2onnx");
        assertThat(reason("m.pb", latin1("\b\u0001\u0012\u00ff\u0001serve")))
                .contains("SavedModel");
        assertThat(reason("m.bin", latin1("\u0002\0\0\0\0\0\0\0{}  "))).contains("safetensors");
        assertThat(reason("m.onnx", latin1("<!DOCTYPE html><html>"))).contains("HTML");
        assertThat(reason("m.onnx", latin1("version https://git-lfs.github.com/spec/v1\n")))
                .contains("git lfs pull");
        assertThat(reason("m.onnx", latin1("hello"))).contains("text");
        assertThat(reason("m.onnx", new byte[0])).contains("empty");
        assertThat(reason("m.pt", ModelBytes.zip(Map.of("model/data.pkl", new byte[4]))))
                .contains("state_dict");
        assertThat(reason("m.pt", ModelBytes.zip(Map.of("word/document.xml", new byte[4]))))
                .contains("no TorchScript");
    }

    @Test
    void refusesAModelUnderTheNameOfAnother() {
        assertThat(reason("model.pt", ModelBytes.onnx())).contains("ends in onnx");
    }

    @Test
    void knowsATextModelByItsTokenizer() {
        Map<String, Path> files =
                Map.of(
                        "model.onnx", file("model.onnx", ModelBytes.onnx()),
                        "tokenizer.json", file("tokenizer.json", latin1("{\"version\": \"1.0\"}")),
                        "vocab.txt", file("vocab.txt", latin1("[PAD]\nhello\n")));

        Inspection found = inspection.inspect(files);

        assertThat(found)
                .isInstanceOfSatisfying(
                        Inspection.Accepted.class, it -> assertThat(it.tokenizer()).isTrue());
    }

    @Test
    void refusesBrokenAndForeignFilesBesideAModel() {
        Path model = file("model.onnx", ModelBytes.onnx());
        Map<String, byte[]> bad =
                Map.of(
                        "tokenizer.json", latin1("{\"a\": "),
                        "config.json", latin1("[".repeat(500) + "]".repeat(500)),
                        "special_tokens_map.json", latin1("{} {}"),
                        "vocab.txt", latin1("\u00ff\u00fe"),
                        "merges.txt", latin1("x".repeat(10_000)),
                        "setup.py", latin1("import os"),
                        "second.onnx", ModelBytes.onnx());

        bad.forEach((name, content) ->
                assertThat(
                                inspection.inspect(
                                        Map.of("model.onnx", model, name, file(name, content))))
                        .as(name)
                        .isInstanceOf(Inspection.Rejected.class));
        assertThat(
                        inspection.inspect(
                                Map.of(
                                        "m.gguf", file("m.gguf", ModelBytes.gguf()),
                                        "tokenizer.json", file("t.json", latin1("{}")))))
                .isInstanceOf(Inspection.Rejected.class);
    }

    /** Whatever the bytes, the look ends in time and in an answer, never in another exception. */
    @Test
    @Timeout(60)
    void answersForAnyDamage() {
        Random random = new Random(20261122);
        List<byte[]> models =
                List.of(ModelBytes.onnx(), ModelBytes.torchScript(), ModelBytes.gguf());

        for (int i = 0; i < 3_000; i++) {
            byte[] spoilt = models.get(i % models.size()).clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
            }
            assertThat(inspect("model.bin", spoilt)).as("seed run %d", i).isNotNull();
        }
    }

    /** Files that attack whoever parses them carelessly, made by a script of their own. */
    @Test
    void refusesEveryHostileFile() throws IOException {
        Path hostile = Path.of("src/test/resources/hostile");
        List<Path> files;
        try (Stream<Path> found = Files.list(hostile)) {
            files = found.filter(Files::isRegularFile).toList();
        }

        assertThat(files).hasSizeGreaterThanOrEqualTo(10);
        for (Path file : files) {
            assertThat(inspection.inspect(Map.of(file.getFileName().toString(), file)))
                    .as(file.getFileName().toString())
                    .isInstanceOf(Inspection.Rejected.class);
        }
    }

    private static Proto function(String name, Proto... nodes) {
        Proto function = new Proto().text(1, name).text(10, "local");
        for (Proto node : nodes) {
            function.message(7, node);
        }
        return function;
    }

    private static Proto innerNode(Proto graph) {
        return new Proto().text(4, "If").message(5, new Proto().message(6, graph));
    }

    private static byte[] onnx(Proto graph) {
        return ModelBytes.onnxOf(graph).toBytes();
    }

    private static byte[] torchScriptWith(String member, String opcodes) {
        Map<String, byte[]> members = ModelBytes.torchScriptMembers(ModelBytes.SOURCE);
        members.put(member, ModelBytes.pickle(opcodes));
        return ModelBytes.zip(members);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    // Calls to warm up with -----------------------------------------------------------------------

    @Test
    void takesCallsToWarmUpWithBesideAnyModel() {
        assertThat(withCalls("model.onnx", ModelBytes.onnx(), "[{\"inputs\": []}]"))
                .isInstanceOf(Inspection.Accepted.class);
        assertThat(withCalls("model.pt", ModelBytes.torchScript(), "[{}, {}]"))
                .isInstanceOf(Inspection.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|is no JSON array of calls",
                "[]|holds 0 calls but must hold 1 to 16",
                "[3]|must hold objects",
                "[{}|is not valid JSON",
                "[{}] []|goes on behind its JSON",
                "nothing|is not valid JSON"
            })
    void refusesWhatIsNoShortListOfCalls(String calls, String reason) {
        assertThat(withCalls("model.onnx", ModelBytes.onnx(), calls))
                .isInstanceOfSatisfying(
                        Inspection.Rejected.class,
                        it ->
                                assertThat(it.reason())
                                        .isEqualTo(
                                                "warm-up.json "
                                                        + reason
                                                        + (reason.endsWith("JSON")
                                                                        && !reason.startsWith(
                                                                                "goes")
                                                                ? ", or nested deeper than 64"
                                                                : "")));
    }

    @Test
    void refusesCallsThatAreTooManyTooLongOrTooDeep() {
        assertThat(withCalls("m.onnx", ModelBytes.onnx(), "[" + "{},".repeat(16) + "{}]"))
                .isInstanceOf(Inspection.Rejected.class);
        assertThat(withCalls("m.onnx", ModelBytes.onnx(), "[{}" + " ".repeat(1 << 20) + "]"))
                .isInstanceOf(Inspection.Rejected.class);
        assertThat(
                        withCalls(
                                "m.onnx",
                                ModelBytes.onnx(),
                                "[{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}]"))
                .isInstanceOf(Inspection.Rejected.class);
    }

    private Inspection withCalls(String name, byte[] model, String calls) {
        return inspection.inspect(
                Map.of(
                        name,
                        file(name, model),
                        "warm-up.json",
                        file("warm-up.json", calls.getBytes(StandardCharsets.UTF_8))));
    }

    private Inspection inspect(String name, byte[] content) {
        return inspection.inspect(Map.of(name, file(name, content)));
    }

    private String reason(String name, byte[] content) {
        Inspection found = inspect(name, content);
        assertThat(found).isInstanceOf(Inspection.Rejected.class);
        return found instanceof Inspection.Rejected rejected ? rejected.reason() : "";
    }

    private Path file(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
