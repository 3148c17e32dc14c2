"""Makes the test fixture tiny-embedding/: a text-embedding model in the folder layout of Hugging Face.

Nothing is trained. Words of one topic get nearly the same vector, so that mean-pooled sentences about
the same topic are close to each other; one attention step mixes the tokens and honours the mask.
"""

import json

import numpy as np
from onnx import helper
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from common import NODE_TEST_MODELS, ROOT, float_input, long_input, run_onnx, save_onnx, tensor

SEED = 11
HIDDEN = 16
POSITIONS = 64
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TOPICS = {
    "animals": """cat dog horse cow sheep bird fish lion tiger bear mouse rabbit fox wolf duck chicken frog snake
        animal pet puppy kitten fur tail wing sleeps runs jumps barks flies""",
    "food": """bread cheese apple banana soup rice pasta cake tea coffee milk butter salt sugar egg meat pizza salad
        dinner lunch breakfast kitchen cook eats drinks hungry sweet fresh cup plate""",
    "computing": """computer server model network data code program file memory disk cloud machine software tensor
        graph token query index cache thread engine train runs deploy version request response latency api""",
    "weather": """rain snow sun wind storm cloud sky cold warm hot winter summer spring autumn weather temperature
        dry wet ice fog thunder sunny rainy""",
    "travel": """car train bus plane ship road city street bridge station airport ticket hotel map journey travel
        drive ride arrive leave fast slow wheel""",
    "music": """music song piano guitar drum violin singer band concert melody rhythm note sound loud quiet play
        sings listen dance""",
    "function": """the a an is are was of to in on at and or not with for this that it i you he she we they my your
        very what who how where when do does can will has have""",
}
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
ENDINGS = ["##s", "##ing", "##ed", "##er", "##ly"]
SENTENCES = [
    "The cat sleeps on the road.",
    "A dog runs and a kitten jumps",
    "we deploy the model on a server",
    "Zebra!",
]


def vocabulary():
    words = sorted({word for topic in TOPICS.values() for word in topic.split()})
    pieces = [*LETTERS, *(f"##{letter}" for letter in LETTERS), *ENDINGS]
    tokens = SPECIAL + [*".,!?'-"] + [piece for piece in pieces if piece not in words] + words
    return {token: number for number, token in enumerate(tokens)}


def write_tokenizer(path, vocab):
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])],
    )
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.save(str(path))
    return tokenizer


def word_vectors(vocab, rng):
    """Direction of the word's topics plus noise; pieces and function words are small, so that topics prevail."""
    directions = np.linalg.qr(rng.normal(size=(HIDDEN, HIDDEN)))[0]
    table = rng.normal(scale=0.12, size=(len(vocab), HIDDEN))
    for direction, (topic, words) in zip(directions, TOPICS.items()):
        if topic != "function":
            for word in words.split():
                table[vocab[word]] += direction
    table[vocab["[PAD]"]] = 0
    return table


def write_model(path, vocab):
    rng = np.random.default_rng(SEED)
    weights = {
        "embeddings.word": word_vectors(vocab, rng),
        "embeddings.position": rng.normal(scale=0.02, size=(POSITIONS, HIDDEN)),
        "embeddings.token_type": rng.normal(scale=0.02, size=(2, HIDDEN)),
        "attention.value": np.eye(HIDDEN) * 0.5 + rng.normal(scale=0.02, size=(HIDDEN, HIDDEN)),
        "attention.scale": np.array(1 / np.sqrt(HIDDEN)),
        "norm.weight": np.ones(HIDDEN),
        "norm.bias": np.zeros(HIDDEN),
        "one": np.array(1.0),
        "masked": np.array(-10000.0),
    }
    weights = {name: value.astype(np.float32) for name, value in weights.items()}
    weights |= {"zero": np.array([0]), "first": np.array([1]), "second": np.array([2])}
    node = helper.make_node
    nodes = [
        node("Gather", ["embeddings.word", "input_ids"], ["words"]),
        node("Gather", ["embeddings.token_type", "token_type_ids"], ["types"]),
        node("Shape", ["input_ids"], ["shape"]),
        node("Slice", ["shape", "first", "second"], ["length"]),
        node("Slice", ["embeddings.position", "zero", "length", "zero"], ["positions"]),
        node("Add", ["words", "types"], ["typed"]),
        node("Add", ["typed", "positions"], ["embedded"]),
        # Attention without projections of query and key; keys outside the mask get a large negative score.
        node("Transpose", ["embedded"], ["keys"], perm=[0, 2, 1]),
        node("MatMul", ["embedded", "keys"], ["products"]),
        node("Mul", ["products", "attention.scale"], ["scaled"]),
        node("Cast", ["attention_mask"], ["mask"], to=1),
        node("Sub", ["one", "mask"], ["hidden_keys"]),
        node("Mul", ["hidden_keys", "masked"], ["penalty"]),
        node("Unsqueeze", ["penalty", "first"], ["penalties"]),
        node("Add", ["scaled", "penalties"], ["scores"]),
        node("Softmax", ["scores"], ["shares"], axis=-1),
        node("MatMul", ["embedded", "attention.value"], ["values"]),
        node("MatMul", ["shares", "values"], ["mixed"]),
        node("Add", ["embedded", "mixed"], ["summed"]),
        node("LayerNormalization", ["summed", "norm.weight", "norm.bias"], ["last_hidden_state"], axis=-1, epsilon=1e-5),
    ]
    save_onnx(
        path,
        "tiny-embedding",
        nodes,
        [long_input(name, ["N", "S"]) for name in ("input_ids", "attention_mask", "token_type_ids")],
        [float_input("last_hidden_state", ["N", "S", HIDDEN])],
        weights,
        "A toy text embedding for tests: untrained, words of one topic are alike.",
    )


def write_config(path, vocab):
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": HIDDEN,
        "intermediate_size": HIDDEN,
        "max_position_embeddings": POSITIONS,
        "num_attention_heads": 1,
        "num_hidden_layers": 1,
        "pad_token_id": vocab["[PAD]"],
        "type_vocab_size": 2,
        "vocab_size": len(vocab),
    }
    path.write_text(json.dumps(config, indent=2) + "\n")


def embed(path, tokenizer, texts):
    """Token ids, hidden states and mean-pooled unit vectors of texts padded to one length."""
    encodings = tokenizer.encode_batch(texts)
    width = max(len(encoding.ids) for encoding in encodings)
    ids = np.array([encoding.ids + [0] * (width - len(encoding.ids)) for encoding in encodings])
    mask = np.array([[1] * len(encoding.ids) + [0] * (width - len(encoding.ids)) for encoding in encodings])
    states = run_onnx(path, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
    means = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    return ids, mask, states, means / np.linalg.norm(means, axis=1, keepdims=True)


def main():
    folder = NODE_TEST_MODELS / "tiny-embedding"
    folder.mkdir(parents=True, exist_ok=True)
    vocab = vocabulary()
    tokenizer = write_tokenizer(folder / "tokenizer.json", vocab)
    write_config(folder / "config.json", vocab)
    write_model(folder / "model.onnx", vocab)

    ids, mask, states, vectors = embed(folder / "model.onnx", tokenizer, SENTENCES)
    alone = embed(folder / "model.onnx", tokenizer, SENTENCES[-1:])[2][0]
    np.testing.assert_allclose(states[-1, : len(alone)], alone, atol=1e-5, err_msg="padding leaks")
    expected = {
        "texts": SENTENCES,
        "input_ids": ids.tolist(),
        "attention_mask": mask.tolist(),
        "last_hidden_state": tensor(states, 5),
        "mean_pooled_unit": tensor(vectors, 5),
    }
    (NODE_TEST_MODELS / "tiny-embedding-expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
    print(f"{folder.relative_to(ROOT)}: {len(vocab)} tokens; cosine similarities:")
    print(np.round(vectors @ vectors.T, 2))


if __name__ == "__main__":
    main()
