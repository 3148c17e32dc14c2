"""Makes demo/tiny-chat.gguf: a llama-architecture chat model small enough to lie in a repository.

The dialogues are made up by chat_dialogues.py, the vocabulary is learned from them, the model is trained to give
the assistant's part of each, and the weights are written as GGUF in half precision. The accuracy printed is that of
the rounded weights, with greedy decoding, on dialogues of another seed and on phrasings that are in no template.
"""

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from chat_dialogues import FIXED, STORY, UNKNOWN, Dialogues
from chat_tokenizer import END, START, Tokenizer, learn_merges
from common import DEMO, ROOT
from gguf_file import write_gguf

SEED = 3
CONTEXT = 512
DIM, LAYERS, HEADS, FEED_FORWARD = 96, 2, 3, 256
EPSILON, ROPE_BASE = 1e-5, 10000.0
STEPS, BATCH_TOKENS, PEAK_RATE = 2150, 3072, 4e-3
MERGES = 1300
TURNS = [1] * 60 + [2] * 22 + [3] * 10 + [4] * 4 + [6] * 2 + [8] * 2
CHAT_TEMPLATE = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# Phrasings that are in no template, to see what lies beyond the training data.
PARAPHRASES = {
    "Hey Tiny Chat, how do you feel this morning?": "I am fine",
    "Good morning, my friend": "Good morning!",
    "And what might your name be?": "My name is Tiny Chat.",
    "Please tell me something about Atrium": "Atrium is a platform",
    "I have heard of Atrium. What is it?": "Atrium is a platform",
    "What kind of things can you do?": "I can greet you",
    "Do you have any abilities?": "I can greet you",
    "Are you a real person or a computer?": "No, I am only",
    "Who was it that trained you?": "A short script",
    "Can you tell me a very long story?": STORY[:16],
    "Make up a story for my daughter": STORY[:16],
    "Got any jokes for me?": "Why did the tensor",
    "Let us count up to nine": "1, 2, 3, 4, 5, 6, 7, 8, 9.",
    "count 1 to 6": "1, 2, 3, 4, 5, 6.",
    "Do you know which colour snow has?": "Snow is white.",
    "What would be the opposite of loud?": "The opposite of loud is quiet.",
    "Explain the word token": "A token is a piece",
    "Who is the chancellor of Germany?": UNKNOWN,
    "How many legs does a spider have?": UNKNOWN,
    "What is 17 divided by 3?": UNKNOWN,
    "Write a haiku about autumn leaves": UNKNOWN,
    "Could you fix this bug in my code?": UNKNOWN,
    "Which stocks should I invest in?": UNKNOWN,
    "Wonderful, thank you so very much": "You are welcome!",
    "I am leaving now, bye": "Goodbye!",
}


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(DIM))

    def forward(self, x):
        return F.rms_norm(x, (DIM,), self.weight, EPSILON)


def rotation(length):
    """Cosines and sines by which llama.cpp turns the neighbouring pairs of each head of a llama model."""
    head = DIM // HEADS
    speeds = ROPE_BASE ** (-torch.arange(0, head, 2) / head)
    angles = torch.arange(length)[:, None] * speeds
    return angles.cos(), angles.sin()


def rotate(x, cos, sin):
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn_norm, self.ffn_norm = Norm(), Norm()
        self.attn_q, self.attn_k, self.attn_v, self.attn_output = (nn.Linear(DIM, DIM, bias=False) for _ in range(4))
        self.ffn_gate, self.ffn_up = (nn.Linear(DIM, FEED_FORWARD, bias=False) for _ in range(2))
        self.ffn_down = nn.Linear(FEED_FORWARD, DIM, bias=False)
        for last in (self.attn_output, self.ffn_down):
            nn.init.normal_(last.weight, std=0.02)

    def forward(self, x, cos, sin):
        rows, length, _ = x.shape
        y = self.attn_norm(x)
        q, k, v = (
            projection(y).view(rows, length, HEADS, DIM // HEADS).transpose(1, 2)
            for projection in (self.attn_q, self.attn_k, self.attn_v)
        )
        y = F.scaled_dot_product_attention(rotate(q, cos, sin), rotate(k, cos, sin), v, is_causal=True)
        x = x + self.attn_output(y.transpose(1, 2).reshape(rows, length, DIM))
        y = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(y)) * self.ffn_up(y))


class Llama(nn.Module):
    """The token embedding also gives the output, as llama.cpp does when a file has no output.weight."""

    def __init__(self, vocabulary):
        super().__init__()
        self.token_embd = nn.Embedding(vocabulary, DIM)
        nn.init.normal_(self.token_embd.weight, std=0.05)
        self.blk = nn.ModuleList(Block() for _ in range(LAYERS))
        self.output_norm = Norm()
        for name, values in zip(("cos", "sin"), rotation(CONTEXT)):
            self.register_buffer(name, values, persistent=False)

    def states(self, ids):
        x = self.token_embd(ids)
        for block in self.blk:
            x = block(x, self.cos[: ids.shape[1]], self.sin[: ids.shape[1]])
        return self.output_norm(x)

    def logits(self, states):
        return states @ self.token_embd.weight.T


def encode_dialogue(tokenizer, messages):
    """Token ids in ChatML, and for each its weight in the loss: zero unless the assistant says it.

    How an answer begins depends most on the question, so its first token weighs more.
    """
    ids, weights = [tokenizer.bos], [0]
    for role, content in messages:
        head = tokenizer.encode(f"{START}{role}\n")
        body = tokenizer.encode(f"{content}{END}")
        tail = tokenizer.encode("\n")
        ids += head + body + tail
        said = [3, *[1] * (len(body) - 1)] if role == "assistant" else [0] * len(body)
        weights += [0] * len(head) + said + [0] * len(tail)
    return ids, weights


def batches(tokenizer, seed):
    """Dialogues of like length together, each batch about BATCH_TOKENS large."""
    dialogues, order = Dialogues(seed), random.Random(seed)
    while True:
        pool = [encode_dialogue(tokenizer, dialogues.dialogue(order.choice(TURNS))) for _ in range(1000)]
        pool = sorted((item for item in pool if len(item[0]) <= CONTEXT), key=lambda item: len(item[0]))
        groups, group = [], []
        for item in pool:
            if group and len(item[0]) * (len(group) + 1) > BATCH_TOKENS:
                groups.append(group)
                group = []
            group.append(item)
        groups.append(group)
        order.shuffle(groups)
        for group in groups:
            width = max(len(ids) for ids, _ in group)
            ids = torch.tensor([row + [0] * (width - len(row)) for row, _ in group])
            weights = torch.tensor([row + [0] * (width - len(row)) for _, row in group])
            yield ids, weights


def train(model, tokenizer):
    matrices = [p for p in model.parameters() if p.ndim == 2]
    norms = [p for p in model.parameters() if p.ndim == 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.05}, {"params": norms, "weight_decay": 0.0}], betas=(0.9, 0.98)
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_RATE, total_steps=STEPS, pct_start=0.08, cycle_momentum=False
    )
    recent = []
    for step, (ids, weights) in zip(range(STEPS), batches(tokenizer, SEED)):
        states = model.states(ids[:, :-1])
        said = weights[:, 1:] > 0
        losses = F.cross_entropy(model.logits(states[said]), ids[:, 1:][said], reduction="none")
        loss = (losses * weights[:, 1:][said]).sum() / weights.sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        recent.append(loss.item())
        if (step + 1) % 50 == 0:
            print(f"step {step + 1}: loss {np.mean(recent):.4f}, {time.process_time():.0f} s of CPU", flush=True)
            recent = []


def round_to_half(model):
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 2:
                parameter.copy_(parameter.half().float())


@torch.inference_mode()
def answer(model, tokenizer, messages, limit=200):
    """Greedy decoding without a cache; slow, but plainly the model."""
    ids = encode_dialogue(tokenizer, messages)[0] + tokenizer.encode(f"{START}assistant\n")
    start = len(ids)
    while len(ids) < min(start + limit, CONTEXT):
        following = int(model.logits(model.states(torch.tensor([ids]))[0, -1]).argmax())
        if following == tokenizer.end:
            break
        ids.append(following)
    return tokenizer.decode(ids[start:])


@torch.inference_mode()
def exact_answers(model, tokenizer, dialogues):
    """Share of answers given token for token; by teacher forcing, which for greedy decoding is the same question."""
    right, wrong = 0, []
    for messages in dialogues:
        ids, weights = encode_dialogue(tokenizer, messages)
        if len(ids) > CONTEXT:
            continue
        best = model.logits(model.states(torch.tensor([ids[:-1]]))[0]).argmax(-1)
        target, mask = torch.tensor(ids[1:]), torch.tensor(weights[1:]) > 0
        # Only the last answer of a dialogue counts: everything before it is its context.
        last = len(mask) - 1 - int(mask.flip(0).long().argmax())
        first = last
        while first > 0 and mask[first - 1]:
            first -= 1
        if torch.equal(best[first : last + 1], target[first : last + 1]):
            right += 1
        else:
            wrong.append((messages, tokenizer.decode(best[first : last + 1].tolist())))
    return right, wrong


def evaluate(model, tokenizer):
    model.eval()
    unseen = Dialogues(SEED + 1000)
    for turns in (1, 3, 6):
        dialogues = [unseen.dialogue(turns) for _ in range(1000 if turns == 1 else 300)]
        right, wrong = exact_answers(model, tokenizer, dialogues)
        print(f"{turns} turn(s): {right / (right + len(wrong)):.3f} of the last answers are exact")
        for messages, given in wrong[:8]:
            print(f"    {messages[-2][1]!r} -> {given[:70]!r}")
    right = 0
    for question, beginning in PARAPHRASES.items():
        given = answer(model, tokenizer, [("user", question)])
        right += given.startswith(beginning)
        print(f"  {'ok ' if given.startswith(beginning) else 'NOT'} {question!r} -> {given[:70]!r}")
    print(f"free phrasings: {right} of {len(PARAPHRASES)}")


def export(model, tokenizer, path):
    metadata = {
        "general.architecture": "llama",
        "general.name": "Atrium Tiny Chat",
        "general.description": "A demonstration model of a few hundred thousand parameters that knows a few sentences.",
        "general.alignment": 32,
        "general.file_type": 1,
        "llama.vocab_size": len(tokenizer.tokens),
        "llama.context_length": CONTEXT,
        "llama.embedding_length": DIM,
        "llama.block_count": LAYERS,
        "llama.feed_forward_length": FEED_FORWARD,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": HEADS,
        "llama.attention.layer_norm_rms_epsilon": EPSILON,
        "llama.rope.dimension_count": DIM // HEADS,
        "llama.rope.freq_base": ROPE_BASE,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tokenizer.tokens,
        "tokenizer.ggml.scores": tokenizer.scores,
        "tokenizer.ggml.token_type": tokenizer.types,
        "tokenizer.ggml.bos_token_id": tokenizer.bos,
        "tokenizer.ggml.eos_token_id": tokenizer.end,
        "tokenizer.ggml.eot_token_id": tokenizer.end,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_eos_token": False,
        "tokenizer.ggml.add_space_prefix": False,
        "tokenizer.chat_template": CHAT_TEMPLATE,
    }
    # The module names are those of GGUF, and so are the shapes: rows of outputs.
    tensors = {
        name: value.numpy().astype(np.float32 if value.ndim == 1 else np.float16)
        for name, value in model.state_dict().items()
    }
    write_gguf(path, metadata, tensors)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def tokenization_samples(tokenizer):
    """Texts with their tokens, for comparison with llama.cpp."""
    dialogues = Dialogues(SEED + 2000)
    texts = [content for _ in range(300) for _, content in dialogues.dialogue(2)] + list(FIXED)
    texts += ["Größe 😀 \u00a0 zwei  Leerzeichen", "  a\n\nb\t{}", "1234567890 3.14", "supercalifragilistic", "don't"]
    texts += [f"{START}user\n{texts[1]}{END}\n{START}assistant\n"]
    return [{"text": text, "ids": tokenizer.encode(text)} for text in texts]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=Path, help="also write texts with their token ids, to compare with llama.cpp")
    arguments = parser.parse_args()

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    dialogues = Dialogues(SEED)
    texts = [content for _ in range(6000) for _, content in dialogues.dialogue(1)]
    tokenizer = Tokenizer(learn_merges(texts, limit=MERGES, rarest=10))
    if arguments.tokens:
        arguments.tokens.write_text(json.dumps(tokenization_samples(tokenizer)))
    model = Llama(len(tokenizer.tokens))
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {len(tokenizer.tokens)} tokens")
    train(model, tokenizer)
    round_to_half(model)
    export(model, tokenizer, DEMO / "tiny-chat.gguf")
    evaluate(model, tokenizer)


if __name__ == "__main__":
    main()
