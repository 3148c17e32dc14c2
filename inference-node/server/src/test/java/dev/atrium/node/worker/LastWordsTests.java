package dev.atrium.node.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a dead worker's standard error a model's owner gets to see. */
class LastWordsTests {
    private static final int LINES = 8;
    private static final int LINE_BYTES = 300;

    @Test
    void areTheLastLinesAlone() {
        String said =
                IntStream.range(0, 100)
                        .mapToObj(i -> "line " + i)
                        .collect(Collectors.joining("\n"));

        assertThat(words(said)).hasSize(LINES).startsWith("line 92").endsWith("line 99");
    }

    @Test
    void areNoLongerThanAnOwnerReadsHoweverLongALineIs() {
        String endless = "x".repeat(100_000);

        assertThat(words(endless + "\nshort")).containsExactly("x".repeat(LINE_BYTES), "short");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cannot open /srv/atrium/data/opened/m17/model.gguf|cannot open model.gguf",
                "\"/opt/jdk/lib/server/libjvm.so\": no symbol|\"libjvm.so\": no symbol",
                "[/build/llama/ggml.c:77] (/usr/lib/x.so+0x12)|[ggml.c:77] (x.so+0x12)",
                "HOME=/var/lib/atrium|atrium",
                "/opt/one:/opt/two|one:two",
                "file:///etc/passwd|file:passwd",
                "../../secret/key.pem|key.pem",
                "two of them: /a/b and c/d/e|two of them: b and e"
            })
    void sayNothingOfTheNodesFolders(String said, String shown) {
        assertThat(words(said)).containsExactly(shown);
    }

    @Test
    void holdNothingThatDoesNotPrint() {
        String said = "\u001b[31mred\u001b[0m\u0007 a\tb\r\u0000 end\u202e\u00e9\u007f";

        assertThat(words(said)).containsExactly("[31mred[0m a b end");
    }

    @Test
    void keepAFolderSecretThatHasWhatDoesNotPrintInItsName() {
        assertThat(words("at /ho\u0000me/\u001bjohn/model.pt")).containsExactly("at model.pt");
    }

    @Test
    void leaveOutLinesThatSayNothing() {
        assertThat(words("\n  \n/only/folders/\n\u0007\nsomething\n\n"))
                .containsExactly("something");
    }

    @Test
    void holdWhatCameBeforeThePipeBroke() {
        InputStream breaks =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("broken pipe");
                    }
                };
        InputStream said = new ByteArrayInputStream("first\nsecond".getBytes(UTF_8));

        LastWords words = new LastWords(new SequenceInputStream(said, breaks));

        assertThat(words.ofTheDead()).containsExactly("first", "second");
    }

    @Test
    void areNotWaitedForWhereSomebodyElseHoldsThePipe() throws IOException {
        PipedOutputStream held = new PipedOutputStream();
        LastWords words = new LastWords(new PipedInputStream(held));
        held.write("said\nnot yet".getBytes(UTF_8));
        held.flush();
        long began = System.nanoTime();

        List<String> soFar = words.ofTheDead();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(soFar).containsExactly("said");
        held.close();
        assertThat(words.ofTheDead()).containsExactly("said", "not yet");
    }

    private static List<String> words(String said) {
        return new LastWords(new ByteArrayInputStream(said.getBytes(UTF_8))).ofTheDead();
    }
}
