"""Exports a small model as TorchScript; with a safetensors file, computes the loss that PyTorch finds with those weights.

export.py MODEL.pt DROPOUT                      writes the module
export.py odd KIND MODEL.pt                     writes one that is made otherwise than most (ODD)
export.py train MODEL.pt TOKENS STARTS RATES CONTEXT OUT NAMES   does steps of PyTorch's own AdamW, one for each part of STARTS between
    semicolons, writes the tensors of these names (32-bit floats, one behind the other) and prints the losses
export.py MODEL.pt WEIGHTS.safetensors TOKENS STARTS CONTEXT   prints the mean loss of the sequences in evaluation mode
"""

import array
import json
import struct
import sys

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, VOCABULARY = 32, 20


class Small(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.mix = nn.Conv1d(WIDTH, WIDTH, 4, padding=3, bias=False)
        self.norm = nn.BatchNorm1d(WIDTH)
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(WIDTH, VOCABULARY, bias=False)
        self.out.weight = self.embedding.weight  # tied

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        if self.training:
            print('{"is": "done"}')  # what a model says is no reply of the engine
        x = self.embedding(tokens).transpose(1, 2)
        x = self.mix(x)[:, :, : tokens.size(1)]
        x = self.drop(F.relu(self.norm(x)))
        return self.out(x.transpose(1, 2))


class Masked(Small):
    """With a mask as attention has it."""

    def __init__(self):
        super().__init__(0.1)
        self.register_buffer("mask", torch.full((4, 4), float("-inf")).triu(1))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.embedding(tokens).transpose(1, 2)
        x = self.mix(x)[:, :, : tokens.size(1)] * torch.softmax(self.mask[3], 0).sum()
        x = self.drop(F.relu(self.norm(x)))
        return self.out(x.transpose(1, 2))


class Moving(Masked):
    """Its mean is another tensor after each step."""

    def __init__(self):
        super().__init__()
        self.register_buffer("ema", torch.zeros(WIDTH))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.embedding(tokens).transpose(1, 2)
        self.ema = 0.9 * self.ema + 0.1 * x.detach().mean(2).mean(0)
        return self.out(self.norm(self.mix(x)[:, :, : tokens.size(1)]).transpose(1, 2))


class Counting(Small):
    """A statistic that depends on how many batches were seen."""

    def __init__(self):
        super().__init__(0.1)
        self.norm = nn.BatchNorm1d(WIDTH, momentum=None)


class Turned(Small):
    """A square matrix, and the same memory read the other way."""

    def __init__(self):
        super().__init__(0.1)
        self.first = nn.Linear(WIDTH, WIDTH)
        self.second = nn.Linear(WIDTH, WIDTH)
        self.second.weight = nn.Parameter(self.first.weight.t())


def mixed():
    """Of a module in training mode, some parts are not."""
    small = Small(0.3)
    small.norm.eval()
    small.drop.eval()
    return small


ODD = {"mixed": mixed, "masked": Masked, "moving": Moving, "counting": Counting, "turned": Turned}


def read(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        raw = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            values = array.array("f", raw[start:end])
            tensors[name] = torch.tensor(list(values)).reshape(entry["shape"])
    return tensors


def tokens_of(path):
    with open(path, "rb") as file:
        return torch.tensor(array.array("H", file.read()).tolist(), dtype=torch.int64)


def loss_of(module, tokens, starts, context):
    starts = [int(start) for start in starts.split(",")]
    inputs = torch.stack([tokens[start : start + context] for start in starts])
    targets = torch.stack([tokens[start + 1 : start + context + 1] for start in starts])
    scores = module(inputs)
    return F.cross_entropy(scores.reshape(-1, scores.size(2)), targets.reshape(-1))


def train(model, tokens, starts, rates, context, out, names):
    """What athanor says it does: clip to 1, then AdamW with nanoGPT's settings; only matrices decay."""
    module = torch.jit.load(model)
    module.train()
    parameters = list(module.parameters())
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": 0.1},
            {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
        ],
        betas=(0.9, 0.99),
        eps=1e-8,
    )
    losses = []
    for of_step, rate in zip(starts.split(";"), rates.split(",")):
        for group in optimiser.param_groups:
            group["lr"] = float(rate)
        optimiser.zero_grad()
        loss = loss_of(module, tokens_of(tokens), of_step, int(context))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        losses.append(loss.item())
    tensors = module.state_dict()
    with open(out, "wb") as file:
        for name in names.split(","):
            array.array("f", tensors[name].reshape(-1).tolist()).tofile(file)
    sys.stderr.flush()
    print("LOSSES " + json.dumps(losses))


def main():
    torch.manual_seed(1)
    if sys.argv[1] == "train":
        train(*sys.argv[2:])
        return
    if sys.argv[1] == "odd":
        torch.jit.script(ODD[sys.argv[2]]()).save(sys.argv[3])
        return
    if len(sys.argv) == 3:
        torch.jit.script(Small(float(sys.argv[2]))).save(sys.argv[1])
        return
    module = torch.jit.load(sys.argv[1])
    trained = read(sys.argv[2])
    missing, unexpected = module.load_state_dict(trained, strict=False)
    assert not unexpected, unexpected
    # tied weights come once; the count of batches is a whole number and stays in the module
    assert set(missing) <= {"out.weight", "norm.num_batches_tracked"}, missing
    module.eval()
    with torch.no_grad():
        loss = loss_of(module, tokens_of(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
    print(json.dumps({"loss": loss.item(), "variance": float(trained["norm.running_var"].mean())}))


main()
