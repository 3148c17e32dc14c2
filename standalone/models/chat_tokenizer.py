"""A vocabulary and tokenizer in the manner of SentencePiece BPE, exactly as llama.cpp reads it from a GGUF.

llama.cpp splits a text into characters and joins, again and again, the neighbours whose joint token has the
highest score (the leftmost on a tie) until no neighbours have a joint token. What is then no token becomes bytes.
A word is thus reachable only by its parts, which is why the vocabulary is learned as merges.
"""

import re
from collections import Counter

SPACE = "\u2581"
UNKNOWN, CONTROL, NORMAL, BYTE = 2, 3, 1, 6
START, END = "<|im_start|>", "<|im_end|>"
LEADING = ["<unk>", "<s>", "</s>"]


class Tokenizer:
    def __init__(self, merged):
        """`merged` are the joint tokens in the order in which they were learned."""
        characters = [SPACE, *map(chr, range(33, 127))]
        self.tokens = [*LEADING, *(f"<0x{byte:02X}>" for byte in range(256)), START, END, *characters, *merged]
        self.types = [UNKNOWN, CONTROL, CONTROL, *[BYTE] * 256, CONTROL, CONTROL, *[NORMAL] * (len(characters) + len(merged))]
        first_normal = len(self.tokens) - len(characters) - len(merged)
        # Earlier merges win; single characters never compete and stand below all of them.
        rank = {token: number for number, token in enumerate([*merged, *characters])}
        self.scores = [0.0] * first_normal + [-1.0 - rank[token] for token in self.tokens[first_normal:]]
        self.normal = {token: number for number, token in enumerate(self.tokens) if number >= first_normal}
        self.bos = self.tokens.index("<s>")
        self.end = self.tokens.index(END)
        self.start = self.tokens.index(START)
        self.byte0 = self.tokens.index("<0x00>")
        self.cache = {}

    def encode(self, text):
        """Token ids of a text in which the chat marks stand for their control tokens; no BOS is added."""
        ids = []
        for part in re.split(f"({re.escape(START)}|{re.escape(END)})", text):
            if part == START:
                ids.append(self.start)
            elif part == END:
                ids.append(self.end)
            else:
                # No token has a space inside, so words never join and can be looked up one by one.
                for word in re.findall(f"{SPACE}?[^{SPACE}]+|{SPACE}", part.replace(" ", SPACE)):
                    if word not in self.cache:
                        self.cache[word] = self.encode_word(word)
                    ids += self.cache[word]
        return ids

    def encode_word(self, word):
        parts = list(word)
        while True:
            joints = [
                (self.scores[self.normal[left + right]], -at)
                for at, (left, right) in enumerate(zip(parts, parts[1:]))
                if left + right in self.normal
            ]
            if not joints:
                break
            at = -max(joints)[1]
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        ids = []
        for part in parts:
            if part in self.normal:
                ids.append(self.normal[part])
            else:
                ids += [self.byte0 + byte for byte in part.encode()]
        return ids

    def decode(self, ids):
        raw = b""
        for number in ids:
            if self.types[number] == BYTE:
                raw += bytes([number - self.byte0])
            elif self.types[number] == NORMAL:
                raw += self.tokens[number].replace(SPACE, " ").encode()
        return raw.decode(errors="replace")


def learn_merges(texts, limit, rarest):
    """Byte-pair merges over words, digits apart from letters, until `limit` or until pairs are rarer than `rarest`."""
    words = Counter()
    for text in texts:
        words.update(re.findall(f"{SPACE}?(?:[A-Za-z]+|[0-9]+)", text.replace(" ", SPACE)))
    split = {word: list(word) for word in words}
    merged = []
    while len(merged) < limit:
        pairs = Counter()
        for word, parts in split.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += words[word]
        if not pairs:
            break
        # On equal counts the alphabet decides, so that the result does not depend on the order of the texts.
        (left, right), count = max(pairs.items(), key=lambda item: (item[1], item[0]))
        if count < rarest:
            break
        if left + right not in merged:
            merged.append(left + right)
        for word, parts in split.items():
            at = 0
            while at < len(parts) - 1:
                if parts[at] == left and parts[at + 1] == right:
                    parts[at : at + 2] = [left + right]
                at += 1
    return merged
