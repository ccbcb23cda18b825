"""Writes pytorch.json: what PyTorch computes for the ops of the table, values and gradients, in float64."""

import numpy as np
import torch
import torch.nn.functional as F
from golden_rows import Golden, inf, nan

golden = Golden(20261121)
draw, row = golden.draw, golden.row


# Element by element, one operand: ordinary values, a scalar, nothing, and the awkward points of each.
unary = {
    "identity": (torch.clone, []),
    "neg": (torch.neg, [0.0, inf, nan]),
    "sign": (torch.sign, [0.0, -0.0, inf, -inf]),
    "abs": (torch.abs, [0.0, -0.0, inf, -inf, nan]),
    "square": (torch.square, [0.0, 1e200, -inf, nan]),
    "sqrt": (torch.sqrt, [0.0, 4.0, -1.0, inf, nan]),
    "exp": (torch.exp, [0.0, 710.0, -1e4, inf, -inf, nan]),
    "log": (torch.log, [0.0, -1.0, 1.0, inf, nan]),
    "tanh": (torch.tanh, [0.0, 1e4, -1e4, inf, -inf, nan]),
    "sigmoid": (torch.sigmoid, [0.0, 1e4, -1e4, inf, -inf, nan]),
    "relu": (torch.relu, [0.0, 1e4, -1e4, inf, -inf]),
    # by default PyTorch is inexact above 20
    "softplus": (lambda x: F.softplus(x, threshold=50), [0.0, 30.0, 1e4, -1e4, inf, -inf]),
}
for name, (f, special) in unary.items():
    low = 0.1 if name in ("sqrt", "log") else -2.0
    row(name, "of a matrix", f, draw(2, 3, low=low))
    row(name, "of a scalar", f, draw(low=low))
    row(name, "of nothing", f, draw(0, 2))
    if special:
        row(name, "at " + ", ".join(f"{v:g}" for v in special), f, special)
row("relu", "of NaN", torch.relu, [nan, 1.0])

# Element by element, two operands.
shapes = [((), (3,)), ((2, 3), (3,)), ((2, 1, 2), (3, 1)), ((1,), (1, 1)), ((0, 3), (1, 3)), ((), ())]
binary = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "pow": torch.pow,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "equal": torch.eq,
    "notEqual": torch.ne,
    "greater": torch.gt,
    "greaterEqual": torch.ge,
    "less": torch.lt,
    "lessEqual": torch.le,
}
comparisons = list(binary)[7:]
for name, f in binary.items():
    lowX = 0.2 if name == "pow" else -2.0
    lowY = 0.2 if name == "div" else -2.0
    for x, y in shapes[:2] if name in comparisons else shapes:
        row(name, f"{list(x)} with {list(y)}", f, draw(*x, low=lowX), draw(*y, low=lowY))
for name in ("maximum", "minimum"):
    row(name, "of equals", binary[name], [1.0, 0.0, -2.0, inf], [1.0, -0.0, -2.0, inf])
    row(name, "of a row with a scalar that some equal", binary[name], [1.0, 2.0, 1.0], 1.0)
    row(name, "of NaN", binary[name], [nan, 1.0, nan], [1.0, nan, nan])
for name in comparisons:
    row(name, "of equals and what has no order", binary[name], [1.0, 0.0, nan, nan, inf, -inf], [1.0, -0.0, nan, 1.0, inf, 1.0])
row("div", "by zero", torch.div, [1.0, 0.0, -1.0], [0.0, 0.0, -0.0])
row("pow", "of 0 with 0, 1, 2, 3 and 1/2", torch.pow, [0.0] * 5, [0.0, 1.0, 2.0, 3.0, 0.5])
row("pow", "of 0 with a negative exponent", torch.pow, [0.0, 0.0], [-1.0, -0.5])
row("pow", "of a negative base", torch.pow, [-2.0, -2.0, -2.0, -2.0], [2.0, 3.0, 0.0, 0.5])
row("pow", "at 1 and infinity", torch.pow, [1.0, inf, 2.0], [inf, 2.0, -inf])


def where(condition, x, y):
    return torch.where(condition, x, y)


row("where", "of matrices", where, [[True, False], [False, True]], draw(2, 2), draw(2, 2))
row("where", "broadcast on all sides", where, [True, False, True], draw(2, 1), draw())
row("where", "with NaN in the branch not taken", where, [True, False], [1.0, nan], [nan, 2.0])
row("where", "of nothing", where, np.zeros((0, 2), dtype=bool), draw(0, 2), draw(2))

# Reductions.
reductions = {
    "sum": lambda x, axes, keep: x.sum(axes, keepdim=keep),
    "mean": lambda x, axes, keep: x.mean(axes, keepdim=keep),
    "max": lambda x, axes, keep: x.amax(axes, keepdim=keep),
    "logSumExp": lambda x, axes, keep: x.logsumexp(axes, keepdim=keep),
}
for name, f in reductions.items():
    full = lambda x, f=f: f(x, tuple(range(x.dim())), False) if x.dim() > 0 else f(x.reshape(1), (0,), False)
    row(name, "over all axes", full, draw(2, 3))
    row(name, "of a scalar", full, draw())
    row(name, "over the last axis", lambda x: f(x, (-1,), False), draw(2, 3), args=[-1])
    row(name, "over two axes, kept", lambda x: f(x, (0, 2), True), draw(2, 2, 3), args=[[0, -1], {"keepDims": True}])
    row(name, "over an axis of size 1", lambda x: f(x, (1,), False), draw(3, 1), args=[1])
    row(name, "of nothing, over the axis that has elements", lambda x: f(x, (1,), False), draw(0, 3), args=[1])
    row(name, "with infinities and NaN", lambda x: f(x, (1,), False), [[1.0, inf], [nan, 2.0], [-inf, 0.0]], args=[1])
row("sum", "of nothing", lambda x: x.sum(0), draw(0, 2), args=[0])
row("mean", "of nothing", lambda x: x.mean(0), draw(0, 2), args=[0])
row("logSumExp", "of nothing", lambda x: x.logsumexp(0), draw(0, 2), args=[0])
row("logSumExp", "of -Infinity alone", lambda x: x.logsumexp(0), [-inf, -inf], args=[0])
extremes = [[1e4, 0.0, -1e4], [1e4, 1e4, 1e4], [-1e4, -1e4, -1e4], [0.0, -inf, 1.0]]
row("logSumExp", "at 1e4 and -1e4", lambda x: x.logsumexp(1), extremes, args=[1])
row("max", "with ties", lambda x: x.amax(1), [[2.0, 2.0, 1.0], [0.0, -0.0, 0.0], [1.0, 2.0, 3.0]], args=[1])
row("max", "with ties over all axes", lambda x: x.amax((0, 1)), [[2.0, 1.0], [2.0, 2.0]])
row("argmax", "along the last axis", lambda x: x.argmax(-1), draw(2, 3), args=[-1])
row("argmax", "along the first axis", lambda x: x.argmax(0), draw(3, 2), args=[0])
row("argmax", "with ties: the first", lambda x: x.argmax(-1), [[1.0, 2.0, 2.0], [3.0, 3.0, 0.0]], args=[-1])
row("argmax", "with NaN: the first", lambda x: x.argmax(-1), [[1.0, nan, nan], [nan, 5.0, inf]], args=[-1])

for name, f in {"softmax": F.softmax, "logSoftmax": F.log_softmax}.items():
    row(name, "along the last axis", lambda x: f(x, dim=-1), draw(2, 3))
    row(name, "along the first axis", lambda x: f(x, dim=0), draw(2, 2, 2), args=[0])
    row(name, "along an axis of size 1", lambda x: f(x, dim=1), draw(2, 1), args=[1])
    row(name, "of nothing", lambda x: f(x, dim=-1), draw(0, 3))
    row(name, "at 1e4, -1e4 and -Infinity", lambda x: f(x, dim=-1), extremes)
    row(name, "at Infinity and NaN", lambda x: f(x, dim=-1), [[inf, 0.0], [-inf, -inf], [nan, 0.0]])

# What moves elements.
row("reshape", "to a vector", lambda x: x.reshape(-1), draw(2, 3), args=[[-1]])
row("reshape", "of a scalar", lambda x: x.reshape(1, 1), draw(), args=[[1, 1]])
row("reshape", "of nothing", lambda x: x.reshape(3, 0), draw(0, 2), args=[[3, 0]])
row("transpose", "of a matrix", lambda x: x.t(), draw(2, 3))
row("transpose", "by negative axes", lambda x: x.permute(1, 2, 0), draw(2, 1, 3), args=[[-2, -1, 0]])
row("broadcastTo", "a new and an old axis", lambda x: x.expand(2, 3, 2), draw(3, 1), args=[[2, 3, 2]])
row("broadcastTo", "nothing", lambda x: x.expand(0, 2), draw(1, 2), args=[[0, 2]])
row("slice", "the middle", lambda x: x[1:3], draw(4, 2), args=[1, 3])
row("slice", "from the end, along the last axis", lambda x: x[:, -2:], draw(2, 3), args=[-2, None, {"axis": -1}])
row("slice", "past both ends", lambda x: x[-9:9], draw(3), args=[-9, 9])
row("slice", "nothing", lambda x: x[2:1], draw(3), args=[2, 1])
row("slice", "every second, backwards", lambda x: x.flip(0)[::2], draw(5), args=[None, None, {"step": -2}])
row("slice", "backwards from the middle", lambda x: x.flip(0)[1:4], draw(5), args=[3, 0, {"step": -1}])


def placed(x):
    out = torch.zeros(4, 2)
    out[1:3] = x
    return out


row("unslice", "the middle", placed, draw(2, 2), args=[[4, 2], {"axis": 0, "start": 1, "step": 1, "length": 2}])
row("concat", "rows", lambda *xs: torch.cat(xs), draw(1, 2), draw(2, 2))
row("concat", "columns, one of them empty", lambda *xs: torch.cat(xs, -1), draw(2, 1), draw(2, 0), draw(2, 2), args=[-1])

# Products.
for x, y in [
    ((2, 3), (3, 2)),
    ((1, 1), (1, 1)),
    ((2, 2, 3), (2, 3, 1)),
    ((2, 3), (2, 3, 2)),
    ((2, 1, 1, 2), (3, 2, 2)),
    ((0, 2), (2, 3)),
    ((2, 0), (0, 3)),
    ((0, 2, 3), (3, 2)),
]:
    row("matmul", f"{list(x)} × {list(y)}", torch.matmul, draw(*x), draw(*y))
row("matmul", "with NaN and infinity against 0", torch.matmul, [[0.0, 1.0], [0.0, 0.0]], [[nan, inf], [1.0, 1.0]])

golden.write("pytorch.json")
