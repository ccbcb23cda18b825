"""Writes structure.json: what PyTorch (or, where it has no such function, NumPy's rule written in PyTorch) computes for the ops that
move, pick, join and repeat elements, values and gradients, in float64."""

import numpy as np
import torch
import torch.nn.functional as F
from golden_rows import Golden, side_by_side

golden = Golden(20261122)
draw, row = golden.draw, golden.row


def indices(*values):
    return np.array(*values, dtype=np.int64)


# Axes.
row("flatten", "all axes", torch.flatten, draw(2, 3))
row("flatten", "from the second axis on", lambda x: x.flatten(1), draw(2, 3, 2), args=[{"start": 1}])
row("flatten", "a scalar", torch.flatten, draw())
row("moveAxis", "the first to the end", lambda x: x.movedim(0, -1), draw(2, 3, 2), args=[0, -1])
row("moveAxis", "two", lambda x: x.movedim((-1, 0), (0, 2)), draw(2, 1, 3, 2), args=[[-1, 0], [0, 2]])
row("swapAxes", "first and last", lambda x: x.swapaxes(0, -1), draw(2, 3, 2), args=[0, -1])
row("squeeze", "all", torch.squeeze, draw(1, 3, 1))
row("squeeze", "one", lambda x: x.squeeze(-1), draw(1, 3, 1), args=[-1])
row("expandDims", "at the end", lambda x: x.unsqueeze(-1), draw(2, 3), args=[-1])
row("expandDims", "two", lambda x: x[None, :, None], draw(3), args=[[0, -1]])

# Order.
row("flip", "all axes", lambda x: x.flip(0, 1), draw(2, 3))
row("flip", "the last axis", lambda x: x.flip(-1), draw(2, 3), args=[-1])
row("roll", "all elements", lambda x: x.roll(2), draw(2, 3), args=[2])
row("roll", "backwards along an axis", lambda x: x.roll(-1, 1), draw(2, 3), args=[-1, 1])
row("roll", "along two axes, past the length", lambda x: x.roll((7, -1), (0, 1)), draw(3, 2), args=[[7, -1], [0, 1]])

# Indexing, as brackets have it.
row("at", "the last", lambda x: x[-1], draw(3, 2), args=[-1])
row("at", "a range of the second axis", lambda x: x[:, 1:3], draw(2, 4), args=[":", [1, 3]])
row("at", "a position and a range with a step", lambda x: x[0, ::2], draw(2, 5), args=[0, "::2"])
row("at", "an ellipsis", lambda x: x[..., -2:], draw(2, 2, 3), args=["...", "-2:"])
row("at", "every axis", lambda x: x[1, 0, 2], draw(2, 1, 3), args=[1, 0, 2])
raveled = lambda i, j: torch.tensor(np.ravel_multi_index(np.broadcast_arrays(i % 2, j % 3), (2, 3)))
row("ravelMultiIndex", "of a grid", raveled, indices([1, -1, 0]), indices([[0], [-1]]), args=[[2, 3]])

# Positions.
row("take", "rows, one of them twice", lambda x, i: x[i], draw(4, 2), indices([2, 0, 2]), args=[0])
row("take", "along the last axis, from the end", lambda x, i: x[:, i], draw(2, 3), indices([[-1, 0], [1, -1]]), args=[-1])
row("take", "one", lambda x, i: x[:, i], draw(2, 3), indices(1), args=[1])
row("take", "among all", torch.take, draw(2, 3), indices([5, 0, -1, 5]))
row("take", "nothing", lambda x, i: x[i], draw(2, 3), indices([]), args=[0])
row("indexAdd", "rows, one of them twice", lambda x, i, y: x.index_add(0, i, y), draw(3, 2), indices([2, 0, 2]), draw(3, 2), args=[0])
row("indexAdd", "columns", lambda x, i, y: x.index_add(1, i, y), draw(2, 3), indices([1, 1]), draw(2, 2), args=[1])
row("takeAlongAxis", "along the last axis", lambda x, i: x.gather(-1, i), draw(2, 3), indices([[2, 2], [0, 1]]))
row("takeAlongAxis", "along the first axis", lambda x, i: x.gather(0, i), draw(3, 2), indices([[2, 0], [2, 1], [2, 0], [1, 1]]), args=[0])
row("takeAlongAxis", "one row for all", lambda x, i: x.gather(1, i.expand(2, 2)), draw(2, 3), indices([[2, 1]]), args=[1])

# Of gather the axis and the indices are arguments, in PyTorch's order.
def gather(title, x, axis, places):
    row("gather", title, lambda x: x.gather(axis, torch.tensor(places, dtype=torch.int64)), x, args=[axis, places])


gather("along the last axis, some twice", [[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]], 1, [[2, 0, 2, 2], [1, 1, 0, 2]])
gather("of fewer columns than x has", [[1.5, -2.0], [3.0, 0.5], [-0.75, 4.0]], 0, [[2], [0], [2], [1]])
gather("of nothing", [[1.5, -2.0]], 1, [[]])

row("scatterAdd", "along the last axis", lambda x, i, y: x.scatter_add(1, i, y), draw(2, 3), indices([[2, 2], [0, 1]]), draw(2, 2), args=[1])
row("scatterAdd", "along the first axis", lambda x, i, y: x.scatter_add(0, i, y), draw(3, 2), indices([[2, 0], [2, 2]]), draw(2, 2), args=[0])
row("oneHot", "of a matrix", lambda x: F.one_hot(x, 3).double(), indices([[0, 2], [1, 1]]), args=[3])
row("oneHot", "of one label", lambda x: F.one_hot(x, 2).double(), indices(1), args=[2])

# Together and apart.
row("stack", "in front", lambda *xs: torch.stack(xs), draw(2, 3), draw(2, 3))
row("stack", "at the end", lambda *xs: torch.stack(xs, -1), draw(2), draw(2), draw(2), args=[-1])
row("split", "equal parts", lambda x: side_by_side(*x.split(2)), draw(4, 2), args=[2])
row("split", "by lengths", lambda x: side_by_side(*x.split([1, 0, 3], -1)), draw(2, 4), args=[[1, 0, 3], -1])
row("unstack", "rows", lambda x: side_by_side(*x.unbind()), draw(3, 2))
row("unstack", "along the last axis", lambda x: side_by_side(*x.unbind(-1)), draw(2, 3), args=[-1])

# Repetition.
row("tile", "more axes than x has", lambda x: x.tile(2, 1, 3), draw(2, 1), args=[[2, 1, 3]])
row("tile", "fewer axes than x has", lambda x: x.tile(2), draw(2, 3), args=[[2]])
row("repeat", "all elements", lambda x: x.repeat_interleave(2), draw(2, 2), args=[2])
row("repeat", "along an axis", lambda x: x.repeat_interleave(3, -1), draw(2, 2), args=[3, -1])
row("repeat", "each by its count", lambda x: x.repeat_interleave(torch.tensor([1, 0, 2]), 0), draw(3, 2), args=[[1, 0, 2], 0])
for indexing in ("xy", "ij"):
    grid = lambda *xs: side_by_side(*torch.meshgrid(*xs, indexing=indexing))
    row("meshgrid", f"of two, {indexing}", grid, draw(2), draw(3), args=[{"indexing": indexing}])
    row("meshgrid", f"of three, {indexing}", grid, draw(2), draw(3), draw(2), args=[{"indexing": indexing}])
row("padConstant", "zeros", lambda x: F.pad(x, (0, 2, 1, 0)), draw(2, 2), args=[[[1, 0], [0, 2]], 0])
row("pad", "with a value", lambda x: F.pad(x, (1, 1), value=0.5), draw(3), args=[1, {"value": 0.5}])
batch = lambda f: lambda x: f(x[None, None])[0, 0]
row("pad", "the edge", batch(lambda x: F.pad(x, (3, 1, 0, 2), "replicate")), draw(2, 3), args=[[[0, 2], [3, 1]], {"mode": "edge"}])
row("pad", "a reflection", batch(lambda x: F.pad(x, (2, 1, 0, 1), "reflect")), draw(2, 3), args=[[[0, 1], [2, 1]], {"mode": "reflect"}])

# Diagonals.
row("diagonal", "of a batch", lambda x: x.diagonal(1, -2, -1), draw(2, 2, 3), args=[{"diagonal": 1}])
row("diagonal", "left of the main one", lambda x: x.diagonal(-1), draw(3, 2), args=[{"diagonal": -1}])
row("undiagonal", "of a batch", lambda x: torch.diag_embed(x), draw(2, 3), args=[[2, 3, 3]])
row("diag", "of a vector", torch.diag, draw(3))
row("diag", "of a vector, off the main one", lambda x: torch.diag(x, -2), draw(2), args=[{"diagonal": -2}])
row("diag", "of a matrix", lambda x: torch.diag(x, 1), draw(2, 3), args=[{"diagonal": 1}])
row("trace", "of a matrix", torch.trace, draw(3, 3))
row("trace", "of one that is not square", torch.trace, draw(2, 3))
for name, f in {"triu": torch.triu, "tril": torch.tril}.items():
    row(name, "of a matrix", f, draw(3, 3))
    row(name, "of a batch, off the main diagonal", lambda x: f(x, 1), draw(2, 2, 3), args=[{"diagonal": 1}])
    row(name, "left of the main diagonal", lambda x: f(x, -1), draw(3, 2), args=[{"diagonal": -1}])

golden.write("structure.json")
