"""A module as people bring it, and a GPT as the README's mapping says, both by PyTorch alone.

models.py module MODEL.pt VOCABULARY                     writes a scripted module
models.py frozen MODEL.pt VOCABULARY                     the same, its embedding not trained, and a table of halves
models.py hungry MODEL.pt VOCABULARY BYTES               the same as the first, which takes so many bytes more when it trains
models.py leaky MODEL.pt VOCABULARY BYTES                which keeps so many of every step
models.py scores MODEL.pt WEIGHTS.safetensors TOKENS OUT  writes what the module gives with those weights, 32-bit floats
models.py gpt HEADS WEIGHTS.safetensors TOKENS OUT        the same of a GPT built from the names and shapes in the file

TOKENS are numbers with commas between them. What is written: for every position a score of each token, in evaluation mode.
"""

import array
import json
import struct
import sys
from typing import List

import torch
from torch import nn
from torch.nn import functional as F

WIDTH = 32


class Block(nn.Module):
    """Looks back over four tokens."""

    def __init__(self):
        super().__init__()
        self.mix = nn.Conv1d(WIDTH, WIDTH, 4, padding=3)
        self.norm = nn.BatchNorm1d(WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mixed = self.mix(x)[:, :, : x.size(2)]
        return x + self.drop(F.relu(self.norm(mixed)))


class Module(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, WIDTH)
        self.embedding.weight.data *= 0.02  # variances far from the 1 with which batch norm begins
        self.layers = nn.ModuleList([Block(), Block()])
        self.norm = nn.LayerNorm(WIDTH)
        self.out = nn.Linear(WIDTH, vocabulary)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.embedding(tokens).transpose(1, 2)
        for layer in self.layers:
            x = layer(x)
        return self.out(self.norm(x.transpose(1, 2)))


class Frozen(Module):
    """The embedding is somebody else's; the table is one that Athanor could not train."""

    def __init__(self, vocabulary):
        super().__init__(vocabulary)
        self.embedding.weight.requires_grad_(False)
        self.table = nn.Parameter(torch.ones(WIDTH, dtype=torch.float16), requires_grad=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = (self.embedding(tokens) * self.table.float()).transpose(1, 2)
        for layer in self.layers:
            x = layer(x)
        return self.out(self.norm(x.transpose(1, 2)))


class Hungry(Module):
    def __init__(self, vocabulary, size: int):
        super().__init__(vocabulary)
        self.size = size

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.embedding(tokens).transpose(1, 2)
        if self.training:
            x = x + (torch.empty(self.size // 4).size(0) - self.size // 4)
        for layer in self.layers:
            x = layer(x)
        return self.out(self.norm(x.transpose(1, 2)))


class Leaky(Module):
    kept: List[torch.Tensor]

    def __init__(self, vocabulary, size: int):
        super().__init__(vocabulary)
        self.size = size
        self.kept = []

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.embedding(tokens).transpose(1, 2)
        if self.training:
            self.kept.append(torch.empty(self.size // 4))
        for layer in self.layers:
            x = layer(x)
        return self.out(self.norm(x.transpose(1, 2)))


def read(path):
    """Safetensors: eight bytes of length, a header in JSON, raw arrays."""
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        raw = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            assert entry["dtype"] == "F32", entry
            start, end = entry["data_offsets"]
            tensors[name] = torch.tensor(array.array("f", raw[start:end]).tolist()).reshape(entry["shape"])
    return tensors


class Gpt(nn.Module):
    """nanoGPT's model: nothing but the file and the number of heads is needed to build it."""

    def __init__(self, heads, weights):
        super().__init__()
        self.heads = heads
        self.weights = weights

    def part(self, x, name, apply):
        return apply(x, self.weights[name + ".weight"], self.weights.get(name + ".bias"))

    def dense(self, x, name):
        return self.part(x, name, F.linear)

    def norm(self, x, name):
        return self.part(x, name, lambda x, weight, bias: F.layer_norm(x, weight.shape, weight, bias, 1e-5))

    def attention(self, x, name):
        sequences, length, width = x.shape
        parts = self.dense(x, name + ".c_attn").split(width, dim=2)
        query, key, value = (
            part.view(sequences, length, self.heads, width // self.heads).transpose(1, 2) for part in parts
        )
        scores = query @ key.transpose(2, 3) / (width // self.heads) ** 0.5
        future = torch.ones(length, length).tril() == 0
        mixed = F.softmax(scores.masked_fill(future, float("-inf")), dim=3) @ value
        return self.dense(mixed.transpose(1, 2).reshape(x.shape), name + ".c_proj")

    def forward(self, tokens):
        embedding = self.weights["transformer.wte.weight"]
        x = embedding[tokens] + self.weights["transformer.wpe.weight"][: tokens.size(1)]
        layer = 0
        while f"transformer.h.{layer}.ln_1.weight" in self.weights:
            block = f"transformer.h.{layer}"
            x = x + self.attention(self.norm(x, block + ".ln_1"), block + ".attn")
            wide = F.gelu(self.dense(self.norm(x, block + ".ln_2"), block + ".mlp.c_fc"))
            x = x + self.dense(wide, block + ".mlp.c_proj")
            layer += 1
        return F.linear(self.norm(x, "transformer.ln_f"), embedding)


def write(model, tokens, path):
    tokens = torch.tensor([[int(token) for token in tokens.split(",")]])
    with torch.no_grad():
        scores = model(tokens)[0]
    with open(path, "wb") as file:
        array.array("f", scores.reshape(-1).tolist()).tofile(file)


def main(what, *arguments):
    torch.manual_seed(1)
    if what == "module":
        torch.jit.script(Module(int(arguments[1]))).save(arguments[0])
    elif what == "frozen":
        torch.jit.script(Frozen(int(arguments[1]))).save(arguments[0])
    elif what in ("hungry", "leaky"):
        made = {"hungry": Hungry, "leaky": Leaky}[what](int(arguments[1]), int(arguments[2]))
        torch.jit.script(made).save(arguments[0])
    elif what == "scores":
        module = torch.jit.load(arguments[0])
        missing, unexpected = module.load_state_dict(read(arguments[1]), strict=False)
        assert not unexpected, unexpected
        # counts of batches are whole numbers: they stay in the module, as what is frozen
        frozen = {name for name, parameter in module.named_parameters() if not parameter.requires_grad}
        assert all(name in frozen or name.endswith(".num_batches_tracked") for name in missing), missing
        assert all(name in missing for name in frozen), frozen
        module.eval()
        write(module, arguments[2], arguments[3])
    elif what == "gpt":
        write(Gpt(int(arguments[0]), read(arguments[1])), arguments[2], arguments[3])


main(*sys.argv[1:])
