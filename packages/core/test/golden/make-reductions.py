"""Writes reductions.json: what PyTorch computes for reductions, scans and sorts, values and gradients, in float64."""

import torch
from golden_rows import Golden, inf, nan, side_by_side

golden = Golden(20261123)
draw, row = golden.draw, golden.row


# Reductions.
keep = {"keepDims": True}
row("prod", "over all axes", torch.prod, draw(2, 3))
row("prod", "of a scalar", torch.prod, draw())
row("prod", "over the last axis, kept", lambda x: x.prod(-1, keepdim=True), draw(2, 3), args=[-1, keep])
row("prod", "over two axes", lambda x: x.prod(2).prod(0), draw(2, 3, 2), args=[[0, -1]])
row("prod", "of nothing", lambda x: x.prod(0), draw(0, 2), args=[0])
row("prod", "with no, one, two and three zeros", lambda x: x.prod(1), [[2, 3, 4], [2, 0, 4], [0, 3, 0], [0, 0, 0]], args=[1])
row("prod", "of one element, 0", lambda x: x.prod(0), [0.0], args=[0])
row("prod", "with infinity and NaN", lambda x: x.prod(1), [[inf, 2.0], [nan, 1.0], [3.0, -inf]], args=[1])
for name, f in {"min": torch.amin}.items():
    row(name, "over all axes", lambda x: f(x, (0, 1)), draw(2, 3))
    row(name, "over two axes, kept", lambda x: f(x, (0, 2), True), draw(2, 2, 3), args=[[0, -1], keep])
    row(name, "of nothing, over the axis that has elements", lambda x: f(x, (1,)), draw(0, 3), args=[1])
    row(name, "with ties", lambda x: f(x, 1), [[2.0, 1.0, 1.0], [0.0, -0.0, 0.0], [1.0, 2.0, 3.0]], args=[1])
    row(name, "with infinities and NaN", lambda x: f(x, (1,)), [[1.0, inf], [nan, 2.0], [-inf, 0.0]], args=[1])
row("argmin", "along the last axis", lambda x: x.argmin(-1), draw(2, 3), args=[-1])
row("argmin", "among all", lambda x: x.argmin(), draw(2, 3))
row("argmin", "with ties: the first", lambda x: x.argmin(-1), [[2.0, 1.0, 1.0], [3.0, 3.0, 4.0]], args=[-1])
row("argmin", "with NaN: the first", lambda x: x.argmin(-1), [[1.0, nan, nan], [nan, 5.0, -inf]], args=[-1])
row("any", "over all axes", lambda x: (x != 0).any(), [[0.0, 0.0], [0.0, 1.0]])
row("any", "over an axis, of zeros and NaN", lambda x: (x != 0).any(1), [[0.0, -0.0], [0.0, nan]], args=[1])
row("any", "of nothing", lambda x: (x != 0).any(0), draw(0, 2), args=[0])
row("all", "over all axes", lambda x: (x != 0).all(), [[1.0, 2.0], [0.0, 1.0]])
row("all", "over an axis, of zeros and NaN", lambda x: (x != 0).all(1), [[1.0, -0.0], [2.0, nan]], args=[1])
row("all", "of nothing", lambda x: (x != 0).all(0), draw(0, 2), args=[0])
row("countNonzero", "over an axis", lambda x: x.count_nonzero(1), [[1.0, 0.0, nan], [0.0, -0.0, 0.0]], args=[1])

# Spread and size.
row("center", "over all axes", lambda x: x - x.mean(), draw(2, 3))
row("center", "over the first axis", lambda x: x - x.mean(0, keepdim=True), draw(3, 2), args=[0])
for name, f in {"variance": torch.var, "standardDeviation": torch.std}.items():
    row(name, "over all axes", lambda x: f(x, (0, 1), unbiased=False), draw(2, 3))
    row(name, "over an axis, ddof 1", lambda x: f(x, (0,), unbiased=True), draw(4, 2), args=[0, {"ddof": 1}])
    row(name, "over two axes, kept", lambda x: f(x, (0, 2), unbiased=False, keepdim=True), draw(2, 2, 3), args=[[0, -1], keep])
    row(name, "of one element", lambda x: f(x, (0,), unbiased=False), [3.0], args=[0])
    row(name, "of one element, ddof 1", lambda x: f(x, (0,), unbiased=True), [3.0], args=[0, {"ddof": 1}])
    row(name, "of equal elements", lambda x: f(x, (0,), unbiased=False), [2.0, 2.0, 2.0], args=[0])
    row(name, "of nothing", lambda x: f(x, (0,), unbiased=False), draw(0, 2), args=[0])
    row(name, "far from 0", lambda x: f(x, (0,), unbiased=False), [1e8, 1e8 + 1, 1e8 + 3], args=[0])
    row(name, "with infinity and NaN", lambda x: f(x, (1,), unbiased=False), [[1.0, inf], [nan, 1.0]], args=[1])
norm = torch.linalg.vector_norm
row("norm", "of a matrix", lambda x: norm(x, 2), draw(2, 3))
row("norm", "of a scalar", lambda x: norm(x, 2), draw())
row("norm", "over an axis, kept", lambda x: norm(x, 2, 0, True), draw(2, 3), args=[{"axes": 0, **keep}])
row("norm", "of order 1", lambda x: norm(x, 1, 1), [[1.0, -2.0, 0.0]], args=[{"order": 1, "axes": 1}])
row("norm", "of order 3", lambda x: norm(x, 3, 1), draw(2, 3), args=[{"order": 3, "axes": 1}])
row("norm", "of order 3 beside 0", lambda x: norm(x, 3), [0.0, -2.0, 1.0], args=[{"order": 3}])
row("norm", "of order 1/2", lambda x: norm(x, 0.5), draw(3), args=[{"order": 0.5}])
row("norm", "at 0", lambda x: norm(x, 2, 1), [[0.0, 0.0], [3.0, 4.0]], args=[{"axes": 1}])
row("norm", "of order 3 at 0", lambda x: norm(x, 3), [0.0, 0.0], args=[{"order": 3}])
row("norm", "of nothing", lambda x: norm(x, 2, 0), draw(0, 2), args=[{"axes": 0}])
row("norm", "with NaN", lambda x: norm(x, 2), [nan, 1.0])

# Scans.
for name, f in {"cumsum": torch.cumsum, "cumprod": torch.cumprod}.items():
    unit = 0.0 if name == "cumsum" else 1.0

    def exclusive(x, axis, f=f, unit=unit):
        first = torch.full_like(x.select(axis, 0).unsqueeze(axis), unit)
        return torch.cat([first, f(x, axis).narrow(axis, 0, x.shape[axis] - 1)], axis)

    row(name, "along the last axis", lambda x: f(x, -1), draw(2, 3))
    row(name, "along the first axis", lambda x: f(x, 0), draw(3, 2), args=[0])
    row(name, "reversed", lambda x: f(x.flip(1), 1).flip(1), draw(2, 4), args=[1, {"reverse": True}])
    row(name, "exclusive", lambda x: exclusive(x, 0), draw(4, 2), args=[0, {"exclusive": True}])
    row(name, "exclusive and reversed", lambda x: exclusive(x.flip(0), 0).flip(0), draw(4), args=[0, {"exclusive": True, "reverse": True}])
    row(name, "of nothing", lambda x: f(x, -1), draw(2, 0))
    zeros = [[2.0, 0.0, 3.0, 4.0], [0.0, 2.0, 0.0, 3.0], [1.0, 2.0, 3.0, 0.0]]
    row(name, "with one and two zeros", lambda x: f(x, -1), zeros)
    row(name, "with zeros, reversed", lambda x: f(x.flip(1), 1).flip(1), zeros, args=[-1, {"reverse": True}])
    row(name, "with zeros, exclusive", lambda x: exclusive(x, 1), zeros, args=[1, {"exclusive": True}])
    row(name, "with infinity and NaN", lambda x: f(x, -1), [[1.0, inf, 2.0], [1.0, nan, 2.0]])


def recurrence(a, b):
    states, state = [], torch.zeros(b.shape[0])
    for i in range(b.shape[1]):
        state = a[:, i] * state + b[:, i] if i > 0 else b[:, 0]
        states.append(state)
    return torch.stack(states, 1)


row("linearRecurrence", "along the last axis", recurrence, draw(2, 4), draw(2, 4))
row("linearRecurrence", "reversed", lambda a, b: recurrence(a.flip(1), b.flip(1)).flip(1), draw(2, 3), draw(2, 3), args=[1, {"reverse": True}])
row("linearRecurrence", "along the first axis", lambda a, b: recurrence(a.t(), b.t()).t(), draw(3, 2), draw(3, 2), args=[0])
row("linearRecurrence", "after an infinite first factor", recurrence, [[inf, 2.0]], [[1.0, 1.0]])
for name, f in {"cummax": torch.cummax, "cummin": torch.cummin}.items():
    row(name, "along the last axis", lambda x: f(x, -1)[0], draw(2, 4))
    row(name, "along the first axis", lambda x: f(x, 0)[0], draw(4, 2), args=[0])
    row(name, "reversed", lambda x: f(x.flip(1), 1)[0].flip(1), draw(2, 4), args=[1, {"reverse": True}])
    row(name, "of nothing", lambda x: f(x, 0)[0], draw(2, 0))
    row(name, "with infinities", lambda x: f(x, 0)[0], [1.0, inf, 2.0, -inf])
    row(name, "with ties", lambda x: f(x, 0)[0], [1.0, 1.0, 0.0, 2.0, 1.0, 2.0])
    row(name, "with NaN", lambda x: f(x, 0)[0], [1.0, nan, 2.0])

# Sorts.
ties = [2.0, 1.0, 2.0, 0.0, -0.0, 1.0]
row("sort", "along the last axis", lambda x: x.sort(-1)[0], draw(2, 4))
row("sort", "along the first axis, descending", lambda x: x.sort(0, True)[0], draw(4, 2), args=[{"axis": 0, "descending": True}])
row("sort", "of nothing", lambda x: x.sort(-1)[0], draw(2, 0))
row("sort", "with ties", lambda x: x.sort(dim=0, stable=True)[0], ties)
row("sort", "with ties, descending", lambda x: x.sort(dim=0, descending=True, stable=True)[0], ties, args=[{"descending": True}])
row("sort", "with infinities and NaN", lambda x: x.sort(dim=0, stable=True)[0], [nan, inf, -inf, nan, 1.0])
row("sort", "with NaN, descending", lambda x: x.sort(dim=0, descending=True, stable=True)[0], [1.0, nan, inf], args=[{"descending": True}])
row("argsort", "along the last axis", lambda x: x.sort(-1)[1], draw(2, 4))
row("argsort", "along the first axis, descending", lambda x: x.sort(0, True)[1], draw(4, 2), args=[{"axis": 0, "descending": True}])
row("argsort", "with ties", lambda x: x.sort(dim=0, stable=True)[1], ties)
row("argsort", "with ties, descending", lambda x: x.sort(dim=0, descending=True, stable=True)[1], ties, args=[{"descending": True}])
row("argsort", "with NaN", lambda x: x.sort(dim=0, stable=True)[1], [nan, inf, -inf, nan, 1.0])
row("topk", "along the last axis", lambda x: side_by_side(*x.topk(2)), draw(2, 4), args=[2])
row("topk", "the smallest along the first axis", lambda x: side_by_side(*x.topk(3, 0, False)), draw(4, 2), args=[3, {"axis": 0, "largest": False}])
row("topk", "none", lambda x: side_by_side(*x.topk(0)), draw(2, 4), args=[0])
row("topk", "with NaN", lambda x: side_by_side(*x.topk(2)), [1.0, nan, 3.0], args=[2])

golden.write("reductions.json")
