"""What the makers of golden files share: operands drawn from a seed, rows out of PyTorch's functions, and the file that holds them.

A row: the op and the arguments after its operands, the operands, a cotangent, and from PyTorch the output and the gradient of
sum(cotangent * output) by each operand (null where PyTorch has none: comparisons, positions, conditions). Where an op gives several
tensors, their elements stand side by side. JSON has no NaN and no infinity: they are the strings "NaN", "Infinity" and "-Infinity".

The makers are run by hand with a Python that has numpy and torch; then format the result (`pnpm format`). The tests read only the JSON.
"""

import json
import math
import pathlib

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
inf, nan = math.inf, math.nan


class Golden:
    """The rows of one file. With `zeros`, an operand that PyTorch finds no way to has a gradient of zeros instead of none."""

    def __init__(self, seed, zeros=False):
        self.zeros = zeros
        self.random = np.random.RandomState(seed)
        self.rows = []

    def draw(self, *shape, low=-2.0, high=2.0):
        return self.random.uniform(low, high, size=shape).round(3)

    def row(self, op, title, f, *inputs, args=None):
        """One row: f is the PyTorch function of the operands."""
        xs = [operand(x) for x in inputs]
        out = f(*xs)
        entry = {"op": op, "title": title, "inputs": [array(x) for x in xs]}
        if args is not None:
            entry["args"] = args
        entry["output"] = array(out)
        if out.is_floating_point() and out.requires_grad:
            weights = [[1.0, -0.5, 2.0, 0.25, -3.0][i % 5] for i in range(out.numel())]
            cotangent = torch.tensor(weights).reshape(out.shape)
            out.backward(cotangent)
            entry["cotangent"] = array(cotangent)
            entry["gradients"] = [self.gradient(x) for x in xs]
        self.rows.append(entry)

    def gradient(self, x):
        if x.grad is not None:
            return array(x.grad)
        return array(torch.zeros_like(x)) if self.zeros and x.is_floating_point() else None

    def write(self, name):
        path = pathlib.Path(__file__).with_name(name)
        body = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in self.rows)
        path.write_text(f"[\n{body}\n]\n", encoding="utf-8")
        print(f"{len(self.rows)} rows")


def operand(value):
    """Arrays of whole numbers are positions or labels, and have no gradient, like booleans; all else is float64."""
    if isinstance(value, np.ndarray) and value.dtype == np.int64:
        return torch.tensor(value)
    x = torch.tensor(np.array(value))
    return x if x.dtype == torch.bool else x.to(torch.float64).requires_grad_()


def array(tensor):
    written = {"shape": list(tensor.shape), "data": [number(v) for v in tensor.detach().reshape(-1).tolist()]}
    named = {torch.bool: "bool", torch.int64: "int32"}.get(tensor.dtype)
    return {**written, "dtype": named} if named else written


def number(value):
    if isinstance(value, bool):
        return value
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return int(value) if value.is_integer() and 0 < value < 1e9 else value


def side_by_side(*tensors):
    return torch.cat([t.reshape(-1) for t in tensors])
