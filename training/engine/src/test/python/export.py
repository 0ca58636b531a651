"""Exports a small model as TorchScript; with a safetensors file, computes the loss that PyTorch finds with those weights.

export.py MODEL.pt                              writes the module
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
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.mix = nn.Conv1d(WIDTH, WIDTH, 4, padding=3)
        self.norm = nn.BatchNorm1d(WIDTH)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(WIDTH, VOCABULARY, bias=False)
        self.out.weight = self.embedding.weight  # tied

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        if self.training:
            print('{"is": "done"}')  # what a model says is no reply of the engine
        x = self.embedding(tokens).transpose(1, 2)
        x = self.mix(x)[:, :, : tokens.size(1)]
        x = self.drop(F.relu(self.norm(x)))
        return self.out(x.transpose(1, 2))


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


def main():
    torch.manual_seed(1)
    if len(sys.argv) == 2:
        torch.jit.script(Small()).save(sys.argv[1])
        return
    module = torch.jit.load(sys.argv[1])
    trained = read(sys.argv[2])
    missing, unexpected = module.load_state_dict(trained, strict=False)
    assert not unexpected, unexpected
    # tied weights come once; the count of batches is a whole number and stays in the module
    assert set(missing) <= {"out.weight", "norm.num_batches_tracked"}, missing
    module.eval()
    context = int(sys.argv[5])
    with open(sys.argv[3], "rb") as file:
        tokens = torch.tensor(list(array.array("H", file.read())), dtype=torch.int64)
    starts = [int(start) for start in sys.argv[4].split(",")]
    inputs = torch.stack([tokens[start : start + context] for start in starts])
    targets = torch.stack([tokens[start + 1 : start + context + 1] for start in starts])
    with torch.no_grad():
        scores = module(inputs)
        loss = F.cross_entropy(scores.reshape(-1, scores.size(2)), targets.reshape(-1))
    print(json.dumps({"loss": loss.item(), "variance": float(trained["norm.running_var"].mean())}))


main()
