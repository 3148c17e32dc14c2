package dev.atrium.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Native texts as a model's owner may read them. */
class ErrorWordsTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Error code - ORT_FAIL - message: Load model from /data/models/ab/cd.onnx failed | Load model from cd.onnx failed
                    /onnxruntime/core/graph/model.cc:177 onnxruntime::Model::Model(int, const Logger&) ModelProto does not have a graph. | ModelProto does not have a graph.
                    External data path: "../../etc/passwd" is refused | External data path: "passwd" is refused
                    Got invalid dimensions for input: x | Got invalid dimensions for input: x
                    """)
    void keepWhatHelpsAndNoPlaces(String text, String words) {
        assertThat(ErrorWords.of(new IllegalStateException(text))).isEqualTo(words);
    }
}
